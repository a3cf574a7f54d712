using System.Text.Json.Serialization;

namespace Relay.Server.Rollouts.Evidence;

/// <summary>How many nodes have which value: the histogram of one metric, round and arm. Values are whole numbers of steps from 0 to the
/// metric's cap. Immutable, and of constant size at any number of nodes; sums do not depend on the order of the reports.</summary>
[JsonConverter(typeof(BinCountsConverter))]
internal sealed class BinCounts : IEquatable<BinCounts>
{
    /// <summary>The steps from 0 to the cap. There is one more bin, and bin 0 is exactly 0.</summary>
    public const int Steps = 128;

    public static readonly BinCounts Empty = new([]);

    private readonly (int Bin, long Count)[] _occupied;

    private BinCounts((int Bin, long Count)[] occupied)
    {
        _occupied = occupied;
        double sum = 0;
        double squares = 0;
        foreach ((int bin, long count) in _occupied)
        {
            double value = (double)bin / Steps;
            Nodes += count;
            sum += count * value;
            squares += count * value * value;
        }

        Mean = Nodes == 0 ? 0 : sum / Nodes;
        Variance = Nodes == 0 ? 0 : Math.Max(0, (squares / Nodes) - (Mean * Mean));
    }

    /// <summary>The number of nodes.</summary>
    public long Nodes { get; }

    /// <summary>The mean value as a part of the cap, 0 to 1; 0 without nodes.</summary>
    public double Mean { get; }

    /// <summary>The variance of the values, in the same unit.</summary>
    public double Variance { get; }

    /// <summary>The bins that have nodes, in ascending order.</summary>
    public ReadOnlySpan<(int Bin, long Count)> Occupied => _occupied;

    /// <summary>From pairs of a bin and a count, as they are stored; pairs of the same bin add up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such bin, or a count is negative.</exception>
    public static BinCounts From(IEnumerable<(int Bin, long Count)> pairs)
    {
        long[] counts = new long[Steps + 1];
        foreach ((int bin, long count) in pairs)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(bin);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bin, Steps);
            ArgumentOutOfRangeException.ThrowIfNegative(count);
            counts[bin] = checked(counts[bin] + count);
        }

        return new([.. counts.Select((count, bin) => (bin, count)).Where(pair => pair.count > 0)]);
    }

    public BinCounts Add(int bin, long count = 1) => From([.. _occupied, (bin, count)]);

    /// <summary>The nodes of both. The order does not matter.</summary>
    public BinCounts Merge(BinCounts other) => From([.. _occupied, .. other._occupied]);

    /// <summary>The histogram of the cap minus the value: what is above a mean here is below it there.</summary>
    public BinCounts Mirror() => new([.. _occupied.Reverse().Select(pair => (Steps - pair.Bin, pair.Count))]);

    /// <summary>The nodes whose value is above a part of the cap.</summary>
    public long CountAbove(double part) => _occupied.Where(pair => pair.Bin > part * Steps).Sum(pair => pair.Count);

    public bool Equals(BinCounts? other) => other is not null && _occupied.AsSpan().SequenceEqual(other._occupied);

    public override bool Equals(object? obj) => Equals(obj as BinCounts);

    public override int GetHashCode() => HashCode.Combine(Nodes, Mean);
}
