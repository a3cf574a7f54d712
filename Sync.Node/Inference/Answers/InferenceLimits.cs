namespace Sync.Node.Inference.Answers;

/// <summary>What one request may take.</summary>
/// <param name="MaximumRows">Rows of a request.</param>
/// <param name="MaximumBodyBytes">Bytes of a request.</param>
internal sealed record InferenceLimits(int MaximumRows, int MaximumBodyBytes)
{
    public const int DefaultRows = 10_000;
    public const int DefaultBodyMebibytes = 16;

    /// <summary>Inputs and outputs that a request may name: more than any model has.</summary>
    public const int MaximumTensors = 10_000;
}
