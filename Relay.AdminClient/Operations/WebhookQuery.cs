using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which webhooks to list. What is null excludes none.</summary>
public sealed record WebhookQuery
{
    /// <summary>active, paused or failing.</summary>
    public string? State { get; init; }

    /// <summary>The name of an event that they receive.</summary>
    public string? Event { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("state", State)
        .Add("event", Event)
        .ToPath(path);
}
