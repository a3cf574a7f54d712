using System.Runtime.CompilerServices;

namespace Shared.Scoring.Threads;

/// <summary>Counts rows from many threads. Each thread writes a counter of its own with plain stores: an atomic addition waits for its
/// cache line, and counters that share a line (or a pair of lines that is prefetched together) take it from each other.</summary>
internal sealed class RowCounter
{
    private readonly Lock _resizing = new();
    private Counter?[] _counters = [];

    public long Total
    {
        get
        {
            long total = 0;
            foreach (Counter? counter in Volatile.Read(ref _counters))
            {
                total += counter is null ? 0 : Interlocked.Read(ref counter.Rows.Value);
            }

            return total;
        }
    }

    public void Add(int rows)
    {
        int number = ThreadSlot.Current.Number;
        Counter?[] counters = Volatile.Read(ref _counters);
        Counter counter = (uint)number < (uint)counters.Length && counters[number] is { } own ? own : Create(number);
        Volatile.Write(ref counter.Rows.Value, counter.Rows.Value + rows);
    }

    // A larger array keeps the counters of the smaller one, so that no count is lost.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Counter Create(int number)
    {
        lock (_resizing)
        {
            Counter?[] counters = [.. _counters, .. new Counter?[Math.Max(0, number + 1 - _counters.Length)]];
            Counter own = counters[number] ??= new Counter();
            Volatile.Write(ref _counters, counters);
            return own;
        }
    }

    private sealed class Counter
    {
        public PaddedLong Rows;
    }
}
