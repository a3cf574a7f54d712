using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.AdminClient.Operations;

/// <summary>Keys of people and programs.</summary>
public sealed class ApiKeyOperations
{
    private readonly RelayTransport _transport;

    internal ApiKeyOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Lists API keys, without their text.</summary>
    [RelayOperation("GET", "/v1/api-keys")]
    public IAsyncEnumerable<ApiKeyView> ListAsync(ApiKeyQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(query is null ? Routes.ApiKeys : query.ToPath(Routes.ApiKeys), RelayApiJson.Default.PageApiKeyView, cancellationToken);

    /// <summary>Makes an API key, which is shown once.</summary>
    [RelayOperation("POST", "/v1/api-keys")]
    public Task<ApiKeyIssued> CreateAsync(ApiKeyRequest request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, Routes.ApiKeys, request, RelayApiJson.Default.ApiKeyRequest, RelayApiJson.Default.ApiKeyIssued, cancellationToken);

    /// <summary>Replaces an API key by a new one.</summary>
    [RelayOperation("POST", "/v1/api-keys/{id}/rotate")]
    public Task<ApiKeyIssued> RotateAsync(string id, ApiKeyRotation request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, $"{Routes.ApiKeyOf(id)}/rotate", request, RelayApiJson.Default.ApiKeyRotation, RelayApiJson.Default.ApiKeyIssued,
            cancellationToken);

    /// <summary>Revokes an API key.</summary>
    [RelayOperation("DELETE", "/v1/api-keys/{id}")]
    public Task RevokeAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.ApiKeyOf(id), cancellationToken);
}
