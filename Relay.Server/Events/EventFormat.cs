using System.Globalization;
using System.Text;
using System.Text.Json;
using Shared.Contracts.Api;

namespace Relay.Server.Events;

/// <summary>The bytes of server-sent events (HTML Living Standard, 9.2).</summary>
internal static class EventFormat
{
    public const string ContentType = "text/event-stream";

    /// <summary>A comment: readers and proxies see that the stream lives.</summary>
    public static ReadOnlyMemory<byte> Heartbeat { get; } = ":\n\n"u8.ToArray();

    /// <summary>What a stream begins with.</summary>
    /// <param name="retry">The wait before a reader opens a stream again.</param>
    /// <param name="pollSeconds">The pace of polls beside the stream.</param>
    public static ReadOnlyMemory<byte> Start(TimeSpan retry, int pollSeconds) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"retry: {(int)retry.TotalMilliseconds}\nevent: {RelayEvents.Pace}\ndata: {JsonSerializer.Serialize(new PaceEvent(pollSeconds), RelayApiJson.Default.PaceEvent)}\n\n"));

    public static ReadOnlyMemory<byte> Metadata(long version, TimeSpan spread) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"event: {RelayEvents.Metadata}\nid: {version}\ndata: {JsonSerializer.Serialize(new MetadataEvent(version, (int)spread.TotalMilliseconds), RelayApiJson.Default.MetadataEvent)}\n\n"));

    /// <summary>The version in a <c>Last-Event-ID</c>; 0 where there is none, or no such number.</summary>
    public static long ReadLastEventId(IReadOnlyList<string?> header) =>
        header is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : 0;
}
