using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.AdminClient.Operations;

/// <summary>Publications that wait for signatures of people.</summary>
public sealed class PendingOperations
{
    private readonly RelayTransport _transport;

    internal PendingOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Lists publications that wait for signatures.</summary>
    [RelayOperation("GET", "/v1/pending")]
    public IAsyncEnumerable<PendingView> ListAsync(ChannelNameQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(query is null ? Routes.Pending : query.ToPath(Routes.Pending), RelayApiJson.Default.PagePendingView, cancellationToken);

    /// <summary>Reads a waiting publication with its documents.</summary>
    [RelayOperation("GET", "/v1/pending/{id}")]
    public Task<PendingView> FindAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.PendingOf(id), RelayApiJson.Default.PendingView, cancellationToken);

    /// <summary>Adds a signature to a waiting publication.</summary>
    [RelayOperation("POST", "/v1/pending/{id}/signatures")]
    public Task<PendingProgress> SignAsync(string id, PendingSignature signature, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, $"{Routes.PendingOf(id)}/signatures", signature, RelayApiJson.Default.PendingSignature,
            RelayApiJson.Default.PendingProgress, cancellationToken);

    /// <summary>Drops a waiting publication.</summary>
    [RelayOperation("DELETE", "/v1/pending/{id}")]
    public Task DropAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.PendingOf(id), cancellationToken);
}
