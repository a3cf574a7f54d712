namespace Shared.Scoring;

/// <summary>Why the managed scorer leaves a model to ONNX Runtime: it says nothing against the model.</summary>
/// <param name="Operator">The operator that it does not run, such as "ZipMap".</param>
/// <param name="Why">What about it, one line for people.</param>
internal sealed record Unsupported(string Operator, string Why)
{
    public override string ToString() => $"{Operator}: {Why}";
}
