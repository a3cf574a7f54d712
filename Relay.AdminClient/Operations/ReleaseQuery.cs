using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which releases to list. What is null excludes none.</summary>
public sealed record ReleaseQuery
{
    /// <summary>The name of a model that they have.</summary>
    public string? Model { get; init; }

    /// <summary>The first time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The time before which.</summary>
    public DateTimeOffset? Until { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("model", Model)
        .Add("since", Since)
        .Add("until", Until)
        .ToPath(path);
}
