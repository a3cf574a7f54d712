using System.Net.Http.Headers;
using Shared.Contracts;

namespace Sync.Client.Transport;

/// <summary>The outcome of a request: bytes, not modified, not found, or a refusal.</summary>
internal sealed record Fetched(FetchStatus Status, byte[] Bytes, EntityTagHeaderValue? ETag, Refusal? Refusal)
{
    /// <summary>The server sent the node elsewhere: where the bytes do not verify, the server itself may have the right ones.</summary>
    public bool WasRedirected { get; init; }

    public static readonly Fetched NotModified = new(FetchStatus.NotModified, [], null, null);
    public static readonly Fetched NotFound = new(FetchStatus.NotFound, [], null, null);

    public static Fetched Ok(byte[] bytes, EntityTagHeaderValue? etag) => new(FetchStatus.Ok, bytes, etag, null);

    public static Fetched Refused(RefusalReason reason, string path, string detail) =>
        Refused(new Refusal(reason, path, detail));

    public static Fetched Refused(Refusal refusal) => new(FetchStatus.Refused, [], null, refusal);
}

internal enum FetchStatus
{
    Ok,
    NotModified,
    NotFound,
    Refused,
}
