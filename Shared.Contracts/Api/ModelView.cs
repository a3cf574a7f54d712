using Shared.Contracts.Models;

namespace Shared.Contracts.Api;

/// <summary>A model of the relay.</summary>
/// <param name="LatestVersion">The highest version; null before the first.</param>
public sealed record ModelView(string Name, int? LatestVersion, ModelSpec Spec, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>Since when it takes no training and no release; null: it is not archived.</summary>
    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>The values of its tags by their keys.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init => field = value ?? new Dictionary<string, string>(); } =
        new Dictionary<string, string>();
}

/// <summary>A version in a list; its <see cref="ModelCard"/> has a route of its own.</summary>
public sealed record VersionView
{
    /// <summary>No release has it.</summary>
    public const string Unpublished = "unpublished";

    /// <summary>A release has it, and no policy revokes it.</summary>
    public const string Published = "published";

    /// <summary>The signed policy revokes it.</summary>
    public const string Revoked = "revoked";

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

    /// <summary><see cref="Unpublished"/>, <see cref="Published"/> or <see cref="Revoked"/>; null from an older relay.</summary>
    public string? State { get; init; }

    /// <summary>The values of its tags by their keys.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init => field = value ?? new Dictionary<string, string>(); } =
        new Dictionary<string, string>();
}

/// <summary>A file of a version: the model, its signature or a statement about it.</summary>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record VersionFileView(string Name, long Length, string Sha256);

/// <summary>A version with its model card.</summary>
public sealed record VersionDetail(VersionView Version, ModelCard Card)
{
    /// <summary>Who trained it, published it and signed for it, the oldest first.</summary>
    public IReadOnlyList<VersionStep> Steps { get; init => field = value ?? []; } = [];

    /// <summary>The aliases that name it, by name.</summary>
    public IReadOnlyList<string> Aliases { get; init => field = value ?? []; } = [];

    /// <summary>What people wrote about it; null: nothing.</summary>
    public NoteView? Note { get; init; }
}

/// <summary>What someone did with a version.</summary>
/// <param name="Kind">trained, proposed (it waits for signatures), published, signed, or unlisted (its entry left the signed metadata).</param>
/// <param name="Key">The id of the API key; null where the relay does not know it.</param>
/// <param name="Subject">The release or the pending publication; empty for a training, and where the entry left.</param>
public sealed record VersionStep(DateTimeOffset At, string Kind, string? Key, string Subject);

/// <summary>A model in the short route <see cref="Routes.LegacyList"/>: the version on the stable channel.</summary>
/// <param name="Url">Path of the ONNX file.</param>
public sealed record StableModel(string Name, int Version, string Sha256, long SizeBytes, string Url);

/// <summary>Answer of <see cref="Routes.LegacyList"/>.</summary>
public sealed record StableModels(IReadOnlyList<StableModel> Models);
