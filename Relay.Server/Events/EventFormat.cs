using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
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
        $"retry: {(int)retry.TotalMilliseconds}\nevent: {RelayEvents.Pace}\n{Data(new PaceEvent(pollSeconds), RelayApiJson.Default.PaceEvent)}"));

    /// <summary>An event without an id: a reader has the version once it has verified it.</summary>
    public static ReadOnlyMemory<byte> Files(FilesEvent files) => Encoding.UTF8.GetBytes(
        $"event: {RelayEvents.Files}\n{Data(files, RelayApiJson.Default.FilesEvent)}");

    public static ReadOnlyMemory<byte> Metadata(long version, TimeSpan spread) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"event: {RelayEvents.Metadata}\nid: {version}\n{Data(new(version, (int)spread.TotalMilliseconds), RelayApiJson.Default.MetadataEvent)}"));

    /// <summary>The version in a <c>Last-Event-ID</c>; 0 where there is none, or no such number.</summary>
    public static long ReadLastEventId(IReadOnlyList<string?> header) =>
        header is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : 0;

    /// <summary>The line of the data, and the empty line that ends an event.</summary>
    private static string Data<T>(T data, JsonTypeInfo<T> type) => $"data: {JsonSerializer.Serialize(data, type)}\n\n";
}
