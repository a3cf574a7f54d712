using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which entries to list. What is null excludes none.</summary>
public sealed record AuditQuery
{
    /// <summary>Such as key:ID or relay.</summary>
    public string? Actor { get; init; }

    /// <summary>A part of the action.</summary>
    public string? Action { get; init; }

    /// <summary>Such as request.</summary>
    public string? Kind { get; init; }

    /// <summary>The first time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The time before which.</summary>
    public DateTimeOffset? Until { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("actor", Actor)
        .Add("action", Action)
        .Add("kind", Kind)
        .Add("since", Since)
        .Add("until", Until)
        .ToPath(path);
}
