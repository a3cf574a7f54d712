namespace Relay.Training.Recipes.Reputation;

/// <summary>A set of IPv4 addresses, as ranges that neither overlap nor touch.</summary>
internal sealed class AddressSet
{
    private readonly AddressRange[] _ranges;
    private readonly long[] _before;

    private AddressSet(AddressRange[] ranges)
    {
        _ranges = ranges;
        _before = new long[ranges.Length];
        foreach ((int i, AddressRange range) in ranges.Index())
        {
            _before[i] = Count;
            Count += range.Count;
        }
    }

    public IReadOnlyList<AddressRange> Ranges => _ranges;

    /// <summary>The number of addresses.</summary>
    public long Count { get; }

    /// <param name="ranges">In any order; they may overlap.</param>
    public static AddressSet Create(IEnumerable<AddressRange> ranges)
    {
        List<AddressRange> merged = [];
        foreach (AddressRange range in ranges.OrderBy(r => r.First))
        {
            if (merged.Count > 0 && range.First <= (ulong)merged[^1].Last + 1)
            {
                merged[^1] = merged[^1] with { Last = Math.Max(merged[^1].Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return new AddressSet([.. merged]);
    }

    public bool Contains(uint address)
    {
        int at = FindLast(address);
        return at >= 0 && address <= _ranges[at].Last;
    }

    /// <summary>The address with a number among those of the set in order, from 0.</summary>
    public uint At(long number)
    {
        int at = Array.BinarySearch(_before, number);
        at = at < 0 ? ~at - 1 : at;
        return (uint)(_ranges[at].First + (number - _before[at]));
    }

    /// <summary>The addresses that another set does not have.</summary>
    public AddressSet Except(AddressSet other) => Create(_ranges.SelectMany(other.CutFrom));

    private IEnumerable<AddressRange> CutFrom(AddressRange range)
    {
        ulong next = range.First;
        for (int at = Math.Max(0, FindLast(range.First)); at < _ranges.Length && _ranges[at].First <= range.Last && next <= range.Last; at++)
        {
            if (_ranges[at].First > next)
            {
                yield return new AddressRange((uint)next, _ranges[at].First - 1);
            }

            next = Math.Max(next, (ulong)_ranges[at].Last + 1);
        }

        if (next <= range.Last)
        {
            yield return new AddressRange((uint)next, range.Last);
        }
    }

    // The last range that begins at the address or before it; -1 where none does.
    private int FindLast(uint address)
    {
        int low = 0;
        int high = _ranges.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _ranges[middle].First <= address ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }
}
