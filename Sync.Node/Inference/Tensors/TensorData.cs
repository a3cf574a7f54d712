namespace Sync.Node.Inference.Tensors;

/// <summary>The elements of a tensor in the form in which they came.</summary>
internal abstract class TensorData
{
    /// <summary>The most elements of a type that there can be, so that a shape that promises more is refused before memory is taken.</summary>
    public abstract long MaximumElements(TensorType type);

    /// <summary>Copies numbers to every <paramref name="stride"/>th place of a target. A missing value becomes NaN.</summary>
    /// <exception cref="InferenceException">There are more or fewer elements than the shape says, or one is no number of the type.</exception>
    public abstract void CopyNumbers(InputTensor tensor, Span<float> target, int stride);

    /// <summary>Copies texts to every <paramref name="stride"/>th place of a target. A missing value becomes an empty text.</summary>
    /// <exception cref="InferenceException">There are more or fewer elements than the shape says, or one is no text.</exception>
    public abstract void CopyTexts(InputTensor tensor, Span<string> target, int stride);

    protected static InferenceException WrongCount(InputTensor tensor, string actual) => Malformed.Create(
        $"input '{tensor.Name}' of shape [{tensor.Shape.Rows}{(tensor.Shape.HasColumns ? $", {tensor.Shape.Columns}" : "")}] and datatype "
            + $"{TensorTypes.NameOf(tensor.Type)} must have {tensor.Shape.Elements} elements; it has {actual}");
}
