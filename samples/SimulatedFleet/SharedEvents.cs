using System.Text.Json;
using Shared.Contracts.Api;

namespace SimulatedFleet;

/// <summary>Reads the events of all streams of this process. All nodes of a channel get the same files: a node that gets the bytes of the newest
/// event shares what was read from them. For any thread.</summary>
internal sealed class SharedEvents
{
    private volatile Known? _newest;

    /// <summary>The data of an event; null for one that a light node does not use.</summary>
    /// <exception cref="JsonException">It is no such event.</exception>
    public object? Read(string type, ReadOnlySpan<byte> data) => type switch
    {
        RelayEvents.Files => ReadFiles(data),
        RelayEvents.Metadata => JsonSerializer.Deserialize(data, RelayApiJson.Default.MetadataEvent),
        _ => null,
    };

    private FilesEvent? ReadFiles(ReadOnlySpan<byte> data)
    {
        if (_newest is { } newest && data.SequenceEqual(newest.Bytes))
        {
            return newest.Files;
        }

        FilesEvent? files = JsonSerializer.Deserialize(data, RelayApiJson.Default.FilesEvent);
        _newest = files is null ? null : new(data.ToArray(), files);
        return files;
    }

    private sealed record Known(byte[] Bytes, FilesEvent Files);
}
