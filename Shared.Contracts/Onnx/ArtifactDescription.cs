using Shared.Contracts.Models;

namespace Shared.Contracts.Onnx;

/// <summary>The metadata of an artifact, after all of it was checked against the graph.</summary>
/// <param name="SchemaHash">SHA-256 of the schema's text as it stands in the file, lower-case hexadecimal.</param>
/// <param name="Metrics">Held-out quality; null for a model that was made elsewhere and has no metrics.</param>
/// <param name="DataDigest">SHA-256 of the training data, lower-case hexadecimal; null where the file has none.</param>
public sealed record ArtifactDescription(
    string Name, int Version, ModelSchema Schema, string SchemaHash, GoldenVectors Golden, ModelMetrics? Metrics, string? DataDigest)
{
    /// <summary>The score below which a row is an anomaly; null for every task but anomaly detection.</summary>
    public float? Offset { get; init; }
}
