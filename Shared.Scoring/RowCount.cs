using System.Runtime.CompilerServices;

namespace Shared.Scoring;

/// <summary>Counts rows from many threads. Each thread has a place that only it writes, with plain stores: an atomic one has to wait for
/// its cache line, and when another thread's place is near, processors that fetch ahead take the line away time and again.</summary>
internal sealed class RowCount
{
    private readonly Lock _growing = new();
    private Place?[] _places = [];

    public long Total
    {
        get
        {
            long total = 0;
            foreach (Place? place in Volatile.Read(ref _places))
            {
                total += place is null ? 0 : Interlocked.Read(ref place.Rows.Value);
            }

            return total;
        }
    }

    public void Add(int rows)
    {
        int number = ThreadSlot.Current.Number;
        Place?[] places = Volatile.Read(ref _places);
        Place place = (uint)number < (uint)places.Length && places[number] is { } own ? own : Own(number);
        Volatile.Write(ref place.Rows.Value, place.Rows.Value + rows);
    }

    // Places are kept when the list grows: they go on counting in the new one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Place Own(int number)
    {
        lock (_growing)
        {
            Place?[] places = [.. _places, .. new Place?[Math.Max(0, number + 1 - _places.Length)]];
            Place own = places[number] ??= new Place();
            Volatile.Write(ref _places, places);
            return own;
        }
    }

    private sealed class Place
    {
        public PaddedLong Rows;
    }
}
