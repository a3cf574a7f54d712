namespace Relay.Training.Engines.Forest;

/// <summary>What the rows of one node, or of one side of a split, add up to.</summary>
/// <param name="slots">See <see cref="ForestData.Slots"/>.</param>
internal sealed class NodeSums(int slots)
{
    public long[] Slots { get; } = new long[slots];

    public long Draws { get; set; }

    public long Weight { get; set; }

    /// <summary>The sum of squares by the weight. Weight less this is the Gini impurity of classes times the weight, and the sum
    /// of squared numbers less this is their variance times the weight: both fall as this rises.</summary>
    public double Score
    {
        get
        {
            double squares = 0;
            foreach (long slot in Slots)
            {
                squares += (double)slot * slot;
            }

            return squares / Weight;
        }
    }

    public void Clear()
    {
        Slots.AsSpan().Clear();
        Draws = 0;
        Weight = 0;
    }

    public void CopyFrom(NodeSums other)
    {
        other.Slots.CopyTo(Slots, 0);
        Draws = other.Draws;
        Weight = other.Weight;
    }

    public void Fill<TRow>(ReadOnlySpan<TRow> rows)
        where TRow : struct, IForestRow<TRow>
    {
        Clear();
        foreach (ref readonly TRow row in rows)
        {
            Draws += row.Draws;
            Weight += row.Weight;
            Slots[row.Slot] += row.Value;
        }
    }
}
