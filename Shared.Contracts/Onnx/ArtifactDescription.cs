using Shared.Contracts.Models;

namespace Shared.Contracts.Onnx;

/// <summary>The metadata of an artifact, after all of it was checked against the graph.</summary>
public sealed record ArtifactDescription
{
    public required string Name { get; init; }

    public required int Version { get; init; }

    public required ModelSchema Schema { get; init; }

    /// <summary>SHA-256 of the schema's text in the file, lower-case hexadecimal.</summary>
    public required string SchemaHash { get; init; }

    public required GoldenVectors Golden { get; init; }

    /// <summary>Held-out quality; null for a model that was made elsewhere and has no metrics.</summary>
    public required ModelMetrics? Metrics { get; init; }

    /// <summary>SHA-256 of the training data, lower-case hexadecimal; null where the file has none.</summary>
    public required string? DataDigest { get; init; }

    /// <summary>The score below which a row is an anomaly; null for every task but anomaly detection.</summary>
    public float? Offset { get; init; }

    /// <summary>What a node that runs the file may send; null for nothing.</summary>
    public SampleConsent? Samples { get; init; }
}
