namespace Relay.Training.Engines.Managed.Isolation;

/// <summary>The minimum and the maximum value of a column among the rows of a node.</summary>
/// <param name="Column">-1: no column has two values there.</param>
internal readonly record struct ColumnRange(int Column, float Low, float High)
{
    public static ColumnRange None { get; } = new(-1, 0, 0);

    /// <returns>A range that is empty where all values are missing.</returns>
    public static ColumnRange Find(int index, float[] column, ReadOnlySpan<int> rows)
    {
        float low = float.PositiveInfinity;
        float high = float.NegativeInfinity;
        foreach (int row in rows)
        {
            float value = column[row];
            low = value < low ? value : low;
            high = value > high ? value : high;
        }

        return new ColumnRange(index, low, high);
    }

    /// <param name="share">From 0 to just below 1.</param>
    /// <returns>The float32 at or below that share of the way: at least the least value and below the greatest, so that both
    /// sides get rows.</returns>
    public float Threshold(double share)
    {
        double at = Math.Min(Low + (share * ((double)High - Low)), Math.BitDecrement((double)High));
        float rounded = (float)at;
        return rounded > at ? MathF.BitDecrement(rounded) : rounded;
    }
}
