using Relay.Training.Export;
using Shared.Contracts.Onnx;

namespace Relay.Training.Models;

/// <summary>Brings columns to mean 0 and variance 1: (x - mean) / standard deviation, the population's, over the training rows that hold
/// a value. Computed in double and applied in float32 as (x - offset) * scale, the operations of ONNX's Scaler in its order, so that both
/// give the same bits; rounding offset and scale to float32 moves a result by about 1e-7 of itself plus 1e-7 of |mean| / deviation.</summary>
/// <param name="Offset">Per column its mean.</param>
/// <param name="Scale">Per column one over its standard deviation; 1 for a column with one value.</param>
/// <param name="IsConstant">Per column whether it has one value in all training rows, or none.</param>
public sealed record ColumnScaler(float[] Offset, float[] Scale, bool[] IsConstant)
{
    /// <param name="columns">One array per column; NaN is a missing value and counts nowhere.</param>
    /// <param name="isNumber">Per column whether to scale it; codes of categories stay as they are.</param>
    public static ColumnScaler Fit(float[][] columns, Func<int, bool> isNumber)
    {
        ColumnScaler scaler = new(new float[columns.Length], new float[columns.Length], new bool[columns.Length]);
        for (int c = 0; c < columns.Length; c++)
        {
            ColumnMoments moments = isNumber(c) ? ColumnMoments.Compute(columns[c]) : ColumnMoments.Standard;
            float scale = (float)(1 / Math.Sqrt(moments.Variance));

            // Also a spread so small that its inverse is beyond float32.
            scaler.IsConstant[c] = !float.IsFinite(scale);
            scaler.Scale[c] = scaler.IsConstant[c] ? 1 : scale;
            scaler.Offset[c] = (float)moments.Mean;
        }

        return scaler;
    }

    /// <summary>The columns scaled, in new arrays.</summary>
    public float[][] Apply(float[][] columns) => [.. columns.Select((column, c) => Array.ConvertAll(column, x => (x - Offset[c]) * Scale[c]))];

    /// <summary>The value that is scaled to about this one.</summary>
    internal float Invert(int column, float scaled) => (float)((scaled / (double)Scale[column]) + Offset[column]);

    internal AttributeProto[] Attributes() => [OnnxAttribute.Create("offset", Offset), OnnxAttribute.Create("scale", Scale)];
}
