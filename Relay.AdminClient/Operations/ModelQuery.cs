using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which models to list. What is null excludes none.</summary>
public sealed record ModelQuery
{
    /// <summary>Tags that each has: KEY or KEY=VALUE.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>true, false or all; null: those that are not archived.</summary>
    public string? Archived { get; init; }

    /// <summary>Such as classification.</summary>
    public string? Task { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("tag", Tags)
        .Add("archived", Archived)
        .Add("task", Task)
        .ToPath(path);
}
