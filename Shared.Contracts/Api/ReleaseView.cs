using System.Text.Json.Serialization;

namespace Shared.Contracts.Api;

/// <summary>One version of one model.</summary>
public sealed record ModelVersion(string Name, int Version);

/// <summary>Body of POST /v1/channels/{channel}/release. Exactly one of the two is given.</summary>
public sealed record ReleaseRequest
{
    /// <summary>Versions of a new release; models that are absent keep their versions on the channel.</summary>
    public IReadOnlyList<ModelVersion>? Models { get; init; }

    /// <summary>The number of an existing release for the channel, newer or older than its current one.</summary>
    public int? Release { get; init; }

    /// <summary>Names of models that leave the channel: its next release is without them. With or without <see cref="Models"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Without { get; init; }

    /// <summary>True where the channel is a new one: a relay that has channels refuses a name that it does not know, which may be misspelt.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool NewChannel { get; init; }

    /// <summary>True to publish although inputs, classes or task of a model differ from what the channel runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SchemaChange { get; init; }
}

/// <summary>A release: a consistent set of versions.</summary>
public sealed record ReleaseView(int Release, IReadOnlyList<ModelVersion> Models, DateTimeOffset CreatedAt);

/// <summary>A channel and its release.</summary>
public sealed record ChannelView(string Channel, int Release, IReadOnlyList<ModelVersion> Models)
{
    /// <summary>Versions of its release or candidate that are revoked: nodes refuse them, and the channel needs another release.</summary>
    public IReadOnlyList<ModelVersion> Revoked { get; init => field = value ?? []; } = [];
}
