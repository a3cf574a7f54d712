namespace Relay.Training.Engines;

/// <summary>Encoded rows, as the engines take them.</summary>
/// <param name="Columns">One array per column, one value per row; NaN is a missing value. A category is its code.</param>
/// <param name="Labels">Class index per row.</param>
/// <param name="ClassCount">Number of classes, at least 2.</param>
public sealed record TrainingSet(float[][] Columns, int[] Labels, int ClassCount)
{
    public int RowCount => Labels.Length;
}
