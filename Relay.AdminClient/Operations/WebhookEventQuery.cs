using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which events to list. What is null excludes none.</summary>
public sealed record WebhookEventQuery
{
    /// <summary>The name of the events.</summary>
    public string? Type { get; init; }

    /// <summary>The first time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The sequence after which they follow.</summary>
    public long? After { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("type", Type)
        .Add("since", Since)
        .Add("after", After)
        .ToPath(path);
}
