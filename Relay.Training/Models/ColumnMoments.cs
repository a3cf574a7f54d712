namespace Relay.Training.Models;

/// <summary>Mean and population variance of the values of a column that are there.</summary>
/// <param name="Count">Values that are not missing.</param>
internal readonly record struct ColumnMoments(long Count, double Mean, double Variance)
{
    /// <summary>What a column has that needs no scaling.</summary>
    public static ColumnMoments Standard { get; } = new(0, 0, 1);

    /// <summary>In two passes and in row order: exact enough for any float32, and always the same bits.</summary>
    public static ColumnMoments Compute(ReadOnlySpan<float> values)
    {
        long count = 0;
        double sum = 0;
        foreach (float value in values)
        {
            if (!float.IsNaN(value))
            {
                sum += value;
                count++;
            }
        }

        if (count == 0)
        {
            return new ColumnMoments(0, 0, 0);
        }

        double mean = sum / count;
        double squares = 0;
        float min = float.PositiveInfinity;
        float max = float.NegativeInfinity;
        foreach (float value in values)
        {
            if (!float.IsNaN(value))
            {
                squares += (value - mean) * (value - mean);
                min = Math.Min(min, value);
                max = Math.Max(max, value);
            }
        }

        // The mean of equal values need not be that value to the last bit.
        return min == max ? new ColumnMoments(count, min, 0) : new ColumnMoments(count, mean, squares / count);
    }
}
