namespace Shared.Scoring.Compilation;

/// <summary>Why the managed scorer does not run a model. The model itself is valid, and ONNX Runtime runs it.</summary>
/// <param name="Operator">The operator that is not supported, such as "ZipMap".</param>
/// <param name="Reason">What about it is not supported, in one line.</param>
internal sealed record Unsupported(string Operator, string Reason)
{
    public override string ToString() => $"{Operator}: {Reason}";
}
