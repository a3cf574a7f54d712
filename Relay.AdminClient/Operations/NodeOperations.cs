using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.AdminClient.Operations;

/// <summary>The fleet: reports, history, bans, and the tokens with which nodes enroll.</summary>
public sealed class NodeOperations
{
    private readonly RelayTransport _transport;

    internal NodeOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Lists nodes by name.</summary>
    [RelayOperation("GET", "/v1/nodes")]
    public IAsyncEnumerable<NodeView> ListAsync(NodeQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(query is null ? Routes.Nodes : query.ToPath(Routes.Nodes), RelayApiJson.Default.PageNodeView, cancellationToken);

    /// <summary>Lists the latest reports of a node.</summary>
    [RelayOperation("GET", "/v1/nodes/{id}/check-ins")]
    public IAsyncEnumerable<NodeView> ListReportsAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(Routes.CheckInsOf(id), RelayApiJson.Default.PageNodeView, cancellationToken);

    /// <summary>Lists what a node ran, the newest first.</summary>
    [RelayOperation("GET", "/v1/nodes/{id}/history")]
    public IAsyncEnumerable<NodeIntervalView> ListHistoryAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(Routes.HistoryOf(id), RelayApiJson.Default.PageNodeIntervalView, cancellationToken);

    /// <summary>Reads what ran on a node at a time.</summary>
    [RelayOperation("GET", "/v1/nodes/{id}/history")]
    public Task<NodeHistoryAnswer> FindHistoryAsync(string id, DateTimeOffset at, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(new QueryText().Add("at", at).ToPath(Routes.HistoryOf(id)), RelayApiJson.Default.NodeHistoryAnswer, cancellationToken);

    /// <summary>Downloads the documents behind an answer, as a tar archive. True: with the models themselves.</summary>
    [RelayOperation("GET", "/v1/nodes/{id}/history/evidence")]
    public Task DownloadEvidenceAsync(
        string id, DateTimeOffset at, bool artifacts, Stream destination, CancellationToken cancellationToken = default) =>
        _transport.DownloadAsync(
            new QueryText().Add("at", at).Add("artifacts", artifacts).ToPath($"{Routes.HistoryOf(id)}/evidence"), destination, cancellationToken);

    /// <summary>Reads what a node runs, as a CycloneDX document.</summary>
    [RelayOperation("GET", "/v1/nodes/{id}/bom")]
    public Task<string> ReadBomAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.GetTextAsync(Routes.NodeBomOf(id), cancellationToken);

    /// <summary>Removes a node.</summary>
    [RelayOperation("DELETE", "/v1/nodes/{id}")]
    public Task RemoveAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.NodeOf(id), cancellationToken);

    /// <summary>Removes nodes that have not reported since a time. True: also those that have enrolled, or have reported for a day.</summary>
    [RelayOperation("DELETE", "/v1/nodes")]
    public Task<NodesRemoved> RemoveUnseenAsync(DateTimeOffset notSeenSince, bool established, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Delete, new QueryText().Add("notSeenSince", notSeenSince).Add("established", established).ToPath(Routes.Nodes),
            RelayApiJson.Default.NodesRemoved, cancellationToken);

    /// <summary>Bans a node: nothing that its key signs is accepted.</summary>
    [RelayOperation("POST", "/v1/nodes/{id}/ban")]
    public Task BanAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, Routes.BanOf(id), cancellationToken);

    /// <summary>Ends the ban of a node.</summary>
    [RelayOperation("POST", "/v1/nodes/{id}/unban")]
    public Task UnbanAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, Routes.UnbanOf(id), cancellationToken);

    /// <summary>Reads the state of the fleet, with the last hours added up.</summary>
    [RelayOperation("GET", "/v1/fleet")]
    public Task<FleetView> ReadFleetAsync(int? hours = null, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(new QueryText().Add("hours", hours).ToPath(Routes.Fleet), RelayApiJson.Default.FleetView, cancellationToken);

    /// <summary>Reads how many nodes ran which release over time. Without a channel: of all nodes; without times: of the last day.</summary>
    [RelayOperation("GET", "/v1/fleet/adoption")]
    public Task<FleetAdoption> ReadAdoptionAsync(
        string? channel = null, DateTimeOffset? from = null, DateTimeOffset? to = null, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(
            new QueryText().Add("channel", channel).Add("from", from).Add("to", to).ToPath(Routes.FleetAdoption),
            RelayApiJson.Default.FleetAdoption, cancellationToken);

    /// <summary>Lists enrollment tokens, without their text.</summary>
    [RelayOperation("GET", "/v1/enrollment-tokens")]
    public IAsyncEnumerable<EnrollmentTokenView> ListTokensAsync(
        EnrollmentTokenQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            query is null ? Routes.EnrollmentTokens : query.ToPath(Routes.EnrollmentTokens), RelayApiJson.Default.PageEnrollmentTokenView,
            cancellationToken);

    /// <summary>Makes an enrollment token, which is shown once.</summary>
    [RelayOperation("POST", "/v1/enrollment-tokens")]
    public Task<EnrollmentTokenCreated> CreateTokenAsync(EnrollmentTokenRequest request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, Routes.EnrollmentTokens, request, RelayApiJson.Default.EnrollmentTokenRequest,
            RelayApiJson.Default.EnrollmentTokenCreated, cancellationToken);

    /// <summary>Revokes an enrollment token.</summary>
    [RelayOperation("DELETE", "/v1/enrollment-tokens/{id}")]
    public Task RevokeTokenAsync(long id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.EnrollmentTokenOf(id), cancellationToken);
}
