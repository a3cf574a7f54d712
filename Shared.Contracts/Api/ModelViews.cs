using Shared.Contracts.Models;

namespace Shared.Contracts.Api;

/// <summary>A model of the relay.</summary>
/// <param name="LatestVersion">The highest version; null before the first.</param>
public sealed record ModelView(string Name, int? LatestVersion, ModelSpec Spec, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A version in a list; its <see cref="ModelCard"/> has a route of its own.</summary>
/// <param name="Sha256">SHA-256 of the ONNX file, lower-case hexadecimal.</param>
/// <param name="Quality">The first figure of its <see cref="ModelMetrics"/>.</param>
/// <param name="TrainingRun">The run that made it.</param>
public sealed record VersionView(
    string Model, int Version, string Sha256, long SizeBytes, MetricValue Quality, long TrainingRun, DateTimeOffset CreatedAt);

/// <summary>A version with its model card.</summary>
public sealed record VersionDetail(VersionView Version, ModelCard Card);

/// <summary>A model in the short route <see cref="Routes.LegacyList"/>: the version on the stable channel.</summary>
/// <param name="Url">Path of the ONNX file.</param>
public sealed record StableModel(string Name, int Version, string Sha256, long SizeBytes, string Url);

/// <summary>Answer of <see cref="Routes.LegacyList"/>.</summary>
public sealed record StableModels(IReadOnlyList<StableModel> Models);
