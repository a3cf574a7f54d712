namespace Relay.Training.Onnx;

/// <summary>What a model says of a batch of rows.</summary>
/// <param name="ClassCount">Probabilities per row.</param>
/// <param name="Probabilities">Row after row, in class order.</param>
/// <param name="Labels">Class index per row.</param>
public sealed record Predictions(int ClassCount, float[] Probabilities, int[] Labels)
{
    public int RowCount => Labels.Length;

    public ReadOnlySpan<float> Row(int row) => Probabilities.AsSpan(row * ClassCount, ClassCount);
}
