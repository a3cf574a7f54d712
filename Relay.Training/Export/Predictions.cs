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

    /// <summary>The distance of a row's numbers from another label, or from a given one.</summary>
    public double Margin(int row, int label) => Offset is { } offset
        ? Math.Abs((double)Values[row] - offset)
        : Row(row)[Labels[row]] - (double)Row(row)[label];
}
