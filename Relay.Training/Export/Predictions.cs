namespace Relay.Training.Export;

/// <summary>The answers of a model for a batch of rows.</summary>
/// <param name="Width">Numbers per row.</param>
/// <param name="Values">Row after row: probabilities in class order, or a value, a score or scaled features.</param>
/// <param name="Labels">Class index per row; empty where the task gives no labels.</param>
public sealed record Predictions(int Width, float[] Values, int[] Labels)
{
    public int RowCount => Values.Length / Width;

    /// <summary>The score below which a row has the second label of two; null where the highest number decides.</summary>
    public float? Offset { get; init; }

    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Width, Width);

    /// <summary>Probabilities divided by their exact sum, where that is 1 but for rounding.</summary>
    internal Predictions Normalize()
    {
        const double Rounding = 1e-3;
        float[] values = [.. Values];
        for (int row = 0; row < RowCount; row++)
        {
            Span<float> own = values.AsSpan(row * Width, Width);
            double sum = 0;
            foreach (float value in own)
            {
                sum += value;
            }

            for (int k = 0; k < own.Length && Math.Abs(sum - 1) <= Rounding; k++)
            {
                own[k] = (float)(own[k] / sum);
            }
        }

        return this with { Values = values };
    }

    /// <summary>The distance of a row's numbers from another label, or from a given one.</summary>
    public double Margin(int row, int label) => Offset is { } offset
        ? Math.Abs((double)Values[row] - offset)
        : Row(row)[Labels[row]] - (double)Row(row)[label];
}
