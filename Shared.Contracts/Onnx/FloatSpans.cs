namespace Shared.Contracts.Onnx;

internal static class FloatSpans
{
    /// <summary>The first place that holds NaN or an infinity, or -1.</summary>
    public static int IndexOfAnyNonFinite(this ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
