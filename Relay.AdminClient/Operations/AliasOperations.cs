using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.AdminClient.Operations;

/// <summary>Names for versions, such as champion.</summary>
public sealed class AliasOperations
{
    private readonly RelayTransport _transport;

    internal AliasOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Lists the aliases of a model.</summary>
    [RelayOperation("GET", "/v1/models/{name}/aliases")]
    public IAsyncEnumerable<AliasView> ListAsync(string name, AliasQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            query is null ? Routes.AliasesOf(name) : query.ToPath(Routes.AliasesOf(name)), RelayApiJson.Default.PageAliasView, cancellationToken);

    /// <summary>Reads which version an alias names, or named at a time; null: now.</summary>
    [RelayOperation("GET", "/v1/models/{name}/aliases/{alias}")]
    public Task<AliasView> FindAsync(string name, string alias, DateTimeOffset? at = null, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(new QueryText().Add("at", at).ToPath(Routes.AliasOf(name, alias)), RelayApiJson.Default.AliasView, cancellationToken);

    /// <summary>Lists the changes of an alias, the newest first.</summary>
    [RelayOperation("GET", "/v1/models/{name}/aliases/{alias}/history")]
    public IAsyncEnumerable<AliasChange> ListChangesAsync(string name, string alias, CancellationToken cancellationToken = default) =>
        _transport.ListAsync($"{Routes.AliasOf(name, alias)}/history", RelayApiJson.Default.PageAliasChange, cancellationToken);

    /// <summary>Sets an alias to a version.</summary>
    [RelayOperation("PUT", "/v1/models/{name}/aliases/{alias}")]
    public Task<AliasView> SetAsync(string name, string alias, AliasRequest request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Put, Routes.AliasOf(name, alias), request, RelayApiJson.Default.AliasRequest, RelayApiJson.Default.AliasView,
            cancellationToken);

    /// <summary>Deletes an alias; its history stays.</summary>
    [RelayOperation("DELETE", "/v1/models/{name}/aliases/{alias}")]
    public Task DeleteAsync(string name, string alias, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.AliasOf(name, alias), cancellationToken);
}
