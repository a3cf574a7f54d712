using Shared.Contracts.Api;

namespace Relay.Server.Rollouts;

/// <summary>The kinds of events in the history of a rollout. Programs read them: they never change.</summary>
internal static class RolloutEvents
{
    public const string Started = "started";
    public const string Published = "published";
    public const string Waits = "waits";
    public const string Refused = "refused";
    public const string Advanced = "advanced";
    public const string Ramped = "ramped";
    public const string Skipped = "skipped";
    public const string Paused = "paused";
    public const string Resumed = "resumed";

    /// <summary>The relay or an operator halts it; it is over with <see cref="Returned"/>.</summary>
    public const string Halted = "halted";
    public const string Returned = "returned";
    public const string Completing = "completing";
    public const string Completed = "completed";

    /// <summary>Reports of a round could not be counted: it cannot pass.</summary>
    public const string Uncounted = "uncounted";

    /// <summary>The event that webhooks receive of an event of this kind; null where they receive none.</summary>
    public static string? FindWebhookEvent(string kind) => kind switch
    {
        Started => WebhookEvents.RolloutStarted,
        Halted => WebhookEvents.RolloutHalted,
        Completed => WebhookEvents.RolloutCompleted,
        _ => null,
    };
}
