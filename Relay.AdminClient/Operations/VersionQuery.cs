using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which versions to list. What is null excludes none.</summary>
public sealed record VersionQuery
{
    /// <summary>Tags that each has: KEY or KEY=VALUE.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>unpublished, published or revoked.</summary>
    public string? State { get; init; }

    /// <summary>The first time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The time before which.</summary>
    public DateTimeOffset? Until { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("tag", Tags)
        .Add("state", State)
        .Add("since", Since)
        .Add("until", Until)
        .ToPath(path);
}
