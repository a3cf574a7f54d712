namespace Sync.Node.Inference.Tensors;

/// <summary>Models compute with numbers of 32 bits.</summary>
internal static class NumberRange
{
    /// <summary>The nearest number of 32 bits; NaN and the infinities stay.</summary>
    /// <exception cref="InferenceException">The number is finite, and beyond the largest of 32 bits.</exception>
    public static float ToSingle(double number, string tensor)
    {
        float single = (float)number;
        return float.IsInfinity(single) && double.IsFinite(number)
            ? throw Malformed.Create($"input '{tensor}' has a number beyond FP32, in which models compute: send one from -3.4e38 to 3.4e38")
            : single;
    }
}

/// <summary>A datatype that is handled before: an error of this program.</summary>
internal sealed class UnreachableTypeException(TensorType type) : Exception($"{type} is no datatype of numbers");
