using Shared.Contracts.Models;

namespace Shared.Contracts.Api;

/// <summary>A model of the relay.</summary>
/// <param name="LatestVersion">The highest version; null before the first.</param>
public sealed record ModelView(string Name, int? LatestVersion, ModelSpec Spec, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A version in a list; its <see cref="ModelCard"/> has a route of its own.</summary>
public sealed record VersionView
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    /// <summary>SHA-256 of the ONNX file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required long SizeBytes { get; init; }

    /// <summary>The first figure of its <see cref="ModelMetrics"/>.</summary>
    public required MetricValue Quality { get; init; }

    /// <summary>The run that made it.</summary>
    public required long TrainingRun { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A version with its model card.</summary>
public sealed record VersionDetail(VersionView Version, ModelCard Card);

/// <summary>A model in the short route <see cref="Routes.LegacyList"/>: the version on the stable channel.</summary>
/// <param name="Url">Path of the ONNX file.</param>
public sealed record StableModel(string Name, int Version, string Sha256, long SizeBytes, string Url);

/// <summary>Answer of <see cref="Routes.LegacyList"/>.</summary>
public sealed record StableModels(IReadOnlyList<StableModel> Models);
