using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.AdminClient.Operations;

/// <summary>What nodes run, and the releases that there are.</summary>
public sealed class ChannelOperations
{
    private readonly RelayTransport _transport;

    internal ChannelOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Lists channels with the release that each runs.</summary>
    [RelayOperation("GET", "/v1/channels")]
    public IAsyncEnumerable<ChannelView> ListAsync(ModelNameQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            query is null ? Routes.Channels : query.ToPath(Routes.Channels), RelayApiJson.Default.PageChannelView, cancellationToken);

    /// <summary>Reads a channel.</summary>
    [RelayOperation("GET", "/v1/channels/{channel}")]
    public Task<ChannelView> FindAsync(string channel, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.ChannelOf(channel), RelayApiJson.Default.ChannelView, cancellationToken);

    /// <summary>Releases versions, or an earlier release, on a channel.</summary>
    [RelayOperation("POST", "/v1/channels/{channel}/release")]
    public Task<Proposal<ChannelView>> ReleaseAsync(string channel, ReleaseRequest request, CancellationToken cancellationToken = default) =>
        _transport.ProposeAsync(
            Routes.ReleaseOf(channel), request, RelayApiJson.Default.ReleaseRequest, RelayApiJson.Default.ChannelView, cancellationToken);

    /// <summary>Deletes a channel; its releases stay. True: although nodes are on it.</summary>
    [RelayOperation("DELETE", "/v1/channels/{channel}")]
    public Task DeleteAsync(string channel, bool force = false, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, force ? $"{Routes.ChannelOf(channel)}?force=true" : Routes.ChannelOf(channel), cancellationToken);

    /// <summary>Lists releases, the newest first.</summary>
    [RelayOperation("GET", "/v1/releases")]
    public IAsyncEnumerable<ReleaseView> ListReleasesAsync(ReleaseQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            query is null ? Routes.Releases : query.ToPath(Routes.Releases), RelayApiJson.Default.PageReleaseView, cancellationToken);
}
