namespace Shared.Contracts.Api;

/// <summary>The server-sent events of <see cref="Routes.Events"/>. They say "look at the metadata", and may bring the signed files that a look would
/// fetch: trust stays in TUF.</summary>
public static class RelayEvents
{
    /// <summary>The type of the event whose data is a <see cref="MetadataEvent"/>, and whose id is the timestamp's version.</summary>
    public const string Metadata = "metadata";

    /// <summary>The type of the event whose data is a <see cref="PaceEvent"/>.</summary>
    public const string Pace = "pace";

    /// <summary>The type of the event whose data is a <see cref="FilesEvent"/>. It comes before the <see cref="Metadata"/> event of the same version,
    /// on streams that name their channel.</summary>
    public const string Files = "files";

    /// <summary>Query parameter of the route: the channel whose changed files the stream is to bring.</summary>
    public const string ChannelParameter = "channel";

    /// <summary>Bytes of the files in one <see cref="FilesEvent"/>, before base64.</summary>
    public const int MaximumFileBytes = 128 * 1024;

    /// <summary>Response header of <c>timestamp.json</c>: seconds between the polls that the relay asks a node for.</summary>
    public const string PollSecondsHeader = "Relay-Poll-Seconds";

    /// <summary>Seconds after which a relay sends a comment, where it has nothing else to send.</summary>
    public const int HeartbeatSeconds = 15;
}

/// <summary>The metadata have changed.</summary>
/// <param name="Timestamp">The version of <c>timestamp.json</c>.</param>
/// <param name="SpreadMs">A node waits a random time of up to so many milliseconds, so that a fleet does not come all at once.</param>
public sealed record MetadataEvent(long Timestamp, int SpreadMs);

/// <summary>Files that changed with a timestamp: what a node of the channel would fetch next, as far as <see cref="RelayEvents.MaximumFileBytes"/>
/// allow. What is not here is fetched as ever. Nothing in it is trusted.</summary>
/// <param name="Timestamp">The version of the <c>timestamp.json</c> that is among the files.</param>
/// <param name="ETag">The entity tag under which the relay serves this <c>timestamp.json</c>, as the header has it.</param>
/// <param name="Root">The version of the newest root: a node that has it need not ask for a newer one.</param>
/// <param name="Metadata">By file name, as under <see cref="Routes.Metadata"/>.</param>
/// <param name="Targets">By consistent path, as under <see cref="Routes.Targets"/>.</param>
public sealed record FilesEvent(
    long Timestamp, string ETag, long Root, IReadOnlyDictionary<string, byte[]> Metadata, IReadOnlyDictionary<string, byte[]> Targets);

/// <summary>How often a node is asked to poll for as long as it has the stream.</summary>
/// <param name="PollSeconds">Seconds between polls.</param>
public sealed record PaceEvent(int PollSeconds);
