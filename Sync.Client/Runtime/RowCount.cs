using System.Numerics;
using System.Runtime.InteropServices;

namespace Sync.Client.Runtime;

/// <summary>Counts rows from many threads. Each thread has a place of its own, a cache line apart from others, as one place for all would
/// cost more than a prediction.</summary>
internal sealed class RowCount
{
    private readonly Place[] _places = new Place[BitOperations.RoundUpToPowerOf2((uint)(2 * Environment.ProcessorCount))];

    public long Total
    {
        get
        {
            long total = 0;
            foreach (ref Place place in _places.AsSpan())
            {
                total += Interlocked.Read(ref place.Rows);
            }

            return total;
        }
    }

    public void Add(int rows) =>
        Interlocked.Add(ref _places[Environment.CurrentManagedThreadId & (_places.Length - 1)].Rows, rows);

    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Place
    {
        [FieldOffset(64)]
        public long Rows;
    }
}
