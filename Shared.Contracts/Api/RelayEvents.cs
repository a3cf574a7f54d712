namespace Shared.Contracts.Api;

/// <summary>The server-sent events of <see cref="Routes.Events"/>. They say "look at the metadata" and nothing else: trust stays in TUF.</summary>
public static class RelayEvents
{
    /// <summary>The type of the event whose data is a <see cref="MetadataEvent"/>, and whose id is the timestamp's version.</summary>
    public const string Metadata = "metadata";

    /// <summary>The type of the event whose data is a <see cref="PaceEvent"/>.</summary>
    public const string Pace = "pace";

    /// <summary>Response header of <c>timestamp.json</c>: seconds between the polls that the relay asks a node for.</summary>
    public const string PollSecondsHeader = "Relay-Poll-Seconds";

    /// <summary>Seconds after which a relay sends a comment, where it has nothing else to send.</summary>
    public const int HeartbeatSeconds = 15;
}

/// <summary>The metadata have changed.</summary>
/// <param name="Timestamp">The version of <c>timestamp.json</c>.</param>
/// <param name="SpreadMs">A node waits a random time of up to so many milliseconds, so that a fleet does not come all at once.</param>
public sealed record MetadataEvent(long Timestamp, int SpreadMs);

/// <summary>How often a node is asked to poll for as long as it has the stream.</summary>
/// <param name="PollSeconds">Seconds between polls.</param>
public sealed record PaceEvent(int PollSeconds);
