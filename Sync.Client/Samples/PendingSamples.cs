namespace Sync.Client.Samples;

/// <summary>Counts what waits of each dataset, in rows and bytes, and bounds it: a dataset that the relay does not take holds up no other. For any
/// thread.</summary>
/// <param name="maxRows">Rows and labels of a dataset.</param>
internal sealed class PendingSamples(int maxRows)
{
    /// <summary>Bytes of a dataset, at most.</summary>
    public const long MaxBytes = 16L << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Rows, long Bytes)> _byDataset = new(StringComparer.Ordinal);

    public long Rows
    {
        get
        {
            lock (_gate)
            {
                return _byDataset.Values.Sum(pending => pending.Rows);
            }
        }
    }

    /// <returns>False where too many would wait; then nothing is counted.</returns>
    public bool TryAdd(string dataset, int rows, long bytes)
    {
        lock (_gate)
        {
            (long waiting, long waitingBytes) = _byDataset.GetValueOrDefault(dataset);
            if (waiting + rows > maxRows || waitingBytes + bytes > MaxBytes)
            {
                return false;
            }

            _byDataset[dataset] = (waiting + rows, waitingBytes + bytes);
            return true;
        }
    }

    /// <summary>Counts what is there already, or, with negative numbers, what is gone.</summary>
    public void Add(string dataset, int rows, long bytes)
    {
        lock (_gate)
        {
            (long waiting, long waitingBytes) = _byDataset.GetValueOrDefault(dataset);
            _byDataset[dataset] = (waiting + rows, waitingBytes + bytes);
        }
    }
}
