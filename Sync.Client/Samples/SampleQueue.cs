using Shared.Contracts.Datasets;

namespace Sync.Client.Samples;

/// <summary>Rows and labels that wait for the relay: in memory until the next <see cref="Save"/>, then in the store.</summary>
internal sealed class SampleQueue(SampleFolder folder, PendingSamples pending)
{
    // A quarter of what a relay takes, so that a slow connection carries it in time.
    private const int BatchBytes = SampleBounds.NodeBytes / 4;

    private readonly Lock _gate = new();
    private readonly Lock _files = new();
    private readonly Dictionary<SampleBatch, long> _bytesOfBatches = [];
    private List<SampleLine> _lines = [];
    private long _nextNumber = 1;
    private long _dropped;
    private bool _isOpen;

    public long Pending => pending.Rows;

    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The batches in the store, the oldest first.</summary>
    public IReadOnlyList<SampleBatch> Batches
    {
        get
        {
            lock (_files)
            {
                return [.. _bytesOfBatches.Keys.OrderBy(batch => batch.Number)];
            }
        }
    }

    /// <summary>Adds all of the lines, which have one dataset, or none.</summary>
    /// <returns>False where too many wait.</returns>
    public bool TryAdd(params ReadOnlySpan<SampleLine> lines)
    {
        long bytes = 0;
        foreach (SampleLine line in lines)
        {
            bytes += line.Text.Length;
        }

        if (pending.TryAdd(lines[0].Dataset, lines.Length, bytes))
        {
            lock (_gate)
            {
                _lines.AddRange(lines);
            }

            return true;
        }

        Interlocked.Add(ref _dropped, lines.Length);
        return false;
    }

    /// <summary>Finds the batches that an earlier process left, and writes what is in memory. What cannot be written stays in memory.</summary>
    /// <exception cref="IOException">The disk does not take or give them.</exception>
    public void Save()
    {
        lock (_files)
        {
            Open();
            List<SampleLine> lines;
            lock (_gate)
            {
                (lines, _lines) = (_lines, []);
            }

            // A batch has one kind, one dataset and one consent; samples go before labels.
            lines =
            [
                .. lines.OrderBy(l => l.Dataset, StringComparer.Ordinal).ThenBy(l => l.Kind).ThenBy(l => l.Consent, StringComparer.Ordinal),
            ];
            int written = 0;
            try
            {
                while (written < lines.Count)
                {
                    written += Write(lines, written);
                }
            }
            finally
            {
                lock (_gate)
                {
                    _lines.InsertRange(0, lines.Skip(written));
                }
            }
        }
    }

    /// <summary>The lines of a batch; null where the disk lost them, and the batch with them.</summary>
    public byte[]? Read(SampleBatch batch)
    {
        lock (_files)
        {
            try
            {
                if (folder.Read(batch) is { } lines)
                {
                    return lines;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A sample is worth less than those behind it.
            }

            Forget(batch);
        }

        Interlocked.Add(ref _dropped, batch.Lines);
        return null;
    }

    /// <summary>Removes a batch that is not to be sent any more.</summary>
    /// <param name="isDropped">True where the relay was never asked.</param>
    /// <exception cref="IOException">It is still on the disk, and would be sent again: the relay knows its rows by their ids.</exception>
    public void Remove(SampleBatch batch, bool isDropped = false)
    {
        lock (_files)
        {
            folder.Delete(batch);
            Forget(batch);
        }

        if (isDropped)
        {
            Interlocked.Add(ref _dropped, batch.Lines);
        }
    }

    /// <summary>Deletes what waits in the store.</summary>
    /// <exception cref="IOException">Some of it is still there.</exception>
    public void DeleteAll()
    {
        lock (_files)
        {
            folder.DeleteAll();
        }
    }

    private void Open()
    {
        if (_isOpen)
        {
            return;
        }

        foreach ((SampleBatch batch, long bytes) in folder.List())
        {
            _bytesOfBatches.Add(batch, bytes);
            _nextNumber = Math.Max(_nextNumber, batch.Number + 1);
            pending.Add(batch.Dataset, batch.Lines, bytes);
        }

        _isOpen = true;
    }

    private void Forget(SampleBatch batch)
    {
        if (_bytesOfBatches.Remove(batch, out long bytes))
        {
            pending.Add(batch.Dataset, -batch.Lines, -bytes);
        }
    }

    // The lines like the first one, as many as a request takes.
    private int Write(List<SampleLine> lines, int from)
    {
        SampleLine first = lines[from];
        using MemoryStream content = new();
        int count = 0;
        foreach (SampleLine line in lines.Skip(from))
        {
            if ((line.Kind, line.Dataset, line.Consent) != (first.Kind, first.Dataset, first.Consent)
                || content.Length + line.Text.Length > BatchBytes)
            {
                break;
            }

            content.Write(line.Text);
            count++;
        }

        SampleBatch batch = new(_nextNumber++, first.Kind, first.Dataset, first.Consent, count);
        folder.Write(batch, content.ToArray());
        _bytesOfBatches.Add(batch, content.Length);
        return count;
    }
}
