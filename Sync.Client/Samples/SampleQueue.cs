using Shared.Contracts.Datasets;

namespace Sync.Client.Samples;

/// <summary>Rows and labels that wait for the relay: in memory until the next <see cref="Save"/>, then in the store. Bounded as a whole.</summary>
internal sealed class SampleQueue(SampleFolder folder, int maxPending)
{
    // A quarter of what a relay takes, so that a slow line carries it in time.
    private const int BatchBytes = SampleBounds.NodeBytes / 4;

    private readonly Lock _gate = new();
    private readonly Lock _files = new();
    private readonly Queue<SampleBatch> _batches = [];
    private List<(SampleKind Kind, string Dataset, byte[] Line)> _lines = [];
    private long _nextNumber = 1;
    private long _inBatches;
    private long _dropped;
    private bool _isOpen;

    public long Pending
    {
        get
        {
            lock (_gate)
            {
                return _lines.Count + _inBatches;
            }
        }
    }

    public long Dropped => Interlocked.Read(ref _dropped);

    /// <returns>False where too many wait.</returns>
    public bool TryAdd(SampleKind kind, string dataset, byte[] line)
    {
        lock (_gate)
        {
            if (_lines.Count + _inBatches < maxPending)
            {
                _lines.Add((kind, dataset, line));
                return true;
            }
        }

        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>Finds the batches that an earlier process left, and writes what is in memory. What cannot be written stays in memory.</summary>
    /// <exception cref="IOException">The disk does not take or give them.</exception>
    public void Save()
    {
        lock (_files)
        {
            Open();
            List<(SampleKind Kind, string Dataset, byte[] Line)> lines;
            lock (_gate)
            {
                (lines, _lines) = (_lines, []);
                _inBatches += lines.Count;
            }

            // A batch has one kind and one dataset; samples go before labels.
            lines = [.. lines.OrderBy(l => l.Dataset, StringComparer.Ordinal).ThenBy(l => l.Kind)];
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
                    _inBatches -= lines.Count - written;
                    _lines.InsertRange(0, lines.Skip(written));
                }
            }
        }
    }

    /// <summary>The batch that is sent next, and its lines; null where none waits.</summary>
    /// <exception cref="IOException">The disk does not give it.</exception>
    public (SampleBatch Batch, byte[] Lines)? Peek()
    {
        lock (_files)
        {
            while (_batches.TryPeek(out SampleBatch? batch))
            {
                if (folder.Read(batch) is { } lines)
                {
                    return (batch, lines);
                }

                Remove(batch);
            }

            return null;
        }
    }

    /// <exception cref="IOException">It is still on the disk, and would be sent again: the relay knows its rows by their ids.</exception>
    public void Remove(SampleBatch batch)
    {
        lock (_files)
        {
            folder.Delete(batch);
            if (_batches.TryPeek(out SampleBatch? first) && first == batch)
            {
                _batches.Dequeue();
                lock (_gate)
                {
                    _inBatches -= batch.Lines;
                }
            }
        }
    }

    private void Open()
    {
        if (_isOpen)
        {
            return;
        }

        foreach (SampleBatch batch in folder.List())
        {
            _batches.Enqueue(batch);
            _nextNumber = Math.Max(_nextNumber, batch.Number + 1);
            lock (_gate)
            {
                _inBatches += batch.Lines;
            }
        }

        _isOpen = true;
    }

    // The lines of the first one's kind and dataset, as long as they are neighbours and a request takes them.
    private int Write(List<(SampleKind Kind, string Dataset, byte[] Line)> lines, int from)
    {
        (SampleKind kind, string dataset, _) = lines[from];
        using MemoryStream content = new();
        int count = 0;
        foreach ((SampleKind otherKind, string otherDataset, byte[] line) in lines.Skip(from))
        {
            if (otherKind != kind || otherDataset != dataset || content.Length + line.Length > BatchBytes)
            {
                break;
            }

            content.Write(line);
            count++;
        }

        SampleBatch batch = new(_nextNumber++, kind, dataset, count);
        folder.Write(batch, content.ToArray());
        _batches.Enqueue(batch);
        return count;
    }
}
