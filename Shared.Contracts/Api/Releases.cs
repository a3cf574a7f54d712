namespace Shared.Contracts.Api;

/// <summary>One version of one model.</summary>
public sealed record ModelVersion(string Name, int Version);

/// <summary>Body of POST /v1/channels/{channel}/release. Exactly one of the two is given.</summary>
public sealed record ReleaseRequest
{
    /// <summary>Versions to move to; models that are not named stay as the channel runs them. Makes a new release.</summary>
    public IReadOnlyList<ModelVersion>? Models { get; init; }

    /// <summary>An existing release that the channel is to run: forward, or back.</summary>
    public int? Release { get; init; }
}

/// <summary>A release: a consistent set of versions that moves together.</summary>
public sealed record ReleaseView(int Release, IReadOnlyList<ModelVersion> Models, DateTimeOffset CreatedAt);

/// <summary>A channel and the release that it runs.</summary>
public sealed record ChannelView(string Channel, int Release, IReadOnlyList<ModelVersion> Models);
