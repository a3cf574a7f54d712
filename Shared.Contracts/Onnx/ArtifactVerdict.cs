using System.Diagnostics.CodeAnalysis;
using Shared.Contracts.Models;

namespace Shared.Contracts.Onnx;

/// <summary>What an inspection found: either what the artifact says of itself, or why it is refused.</summary>
public sealed class ArtifactVerdict
{
    private ArtifactVerdict(ArtifactDescription? description, Refusal? refusal) => (Description, Refusal) = (description, refusal);

    [MemberNotNullWhen(true, nameof(Description))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Description is not null;

    public ArtifactDescription? Description { get; }

    public Refusal? Refusal { get; }

    public static implicit operator ArtifactVerdict(ArtifactDescription description) => new(description, null);

    public static implicit operator ArtifactVerdict(Refusal refusal) => new(null, refusal);
}

/// <summary>What an artifact says of itself in its metadata, after all of it was checked against the graph.</summary>
/// <param name="SchemaHash">SHA-256 of the schema's text as it stands in the file, lower-case hexadecimal.</param>
/// <param name="Metrics">Held-out quality; null for a model that was made elsewhere and says nothing.</param>
/// <param name="DataDigest">SHA-256 of the training data, lower-case hexadecimal; null where the file says nothing.</param>
public sealed record ArtifactDescription(
    string Name, int Version, ModelSchema Schema, string SchemaHash, GoldenVectors Golden, ModelMetrics? Metrics, string? DataDigest)
{
    /// <summary>Of an anomaly detector, the score below which a row is an anomaly; null for every other task.</summary>
    public float? Offset { get; init; }
}
