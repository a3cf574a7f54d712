using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which rollouts to list. What is null excludes none.</summary>
public sealed record RolloutQuery
{
    /// <summary>The name of the channel.</summary>
    public string? Channel { get; init; }

    /// <summary>Such as running.</summary>
    public string? Status { get; init; }

    /// <summary>The first time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The time before which.</summary>
    public DateTimeOffset? Until { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("channel", Channel)
        .Add("status", Status)
        .Add("since", Since)
        .Add("until", Until)
        .ToPath(path);
}
