namespace Relay.Server.Webhooks;

/// <summary>What became of one attempt to deliver an event.</summary>
/// <param name="Status">The status of the answer; null where there was none.</param>
/// <param name="Error">Why the event was not delivered, in one line; null where it was.</param>
internal sealed record WebhookAttempt(int? Status, string? Error)
{
    /// <summary>The receiver asks not to be called again: the status 410.</summary>
    public bool IsGone => Status == StatusCodes.Status410Gone;

    /// <summary>The pause that the receiver asks for; null where it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
