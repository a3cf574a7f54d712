using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.AdminClient.Operations;

/// <summary>Tags of models and versions. No signature covers them.</summary>
public sealed class TagOperations
{
    private readonly RelayTransport _transport;

    internal TagOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Lists the tags of a model.</summary>
    [RelayOperation("GET", "/v1/models/{name}/tags")]
    public IAsyncEnumerable<TagView> ListOfModelAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(Routes.TagsOf(name, null), RelayApiJson.Default.PageTagView, cancellationToken);

    /// <summary>Sets a tag of a model.</summary>
    [RelayOperation("PUT", "/v1/models/{name}/tags/{key}")]
    public Task<TagView> SetOfModelAsync(string name, string key, TagRequest request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Put, Routes.TagOf(name, null, key), request, RelayApiJson.Default.TagRequest, RelayApiJson.Default.TagView,
            cancellationToken);

    /// <summary>Deletes a tag of a model.</summary>
    [RelayOperation("DELETE", "/v1/models/{name}/tags/{key}")]
    public Task DeleteOfModelAsync(string name, string key, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.TagOf(name, null, key), cancellationToken);

    /// <summary>Lists the tags of a version.</summary>
    [RelayOperation("GET", "/v1/models/{name}/versions/{version}/tags")]
    public IAsyncEnumerable<TagView> ListOfVersionAsync(string name, int version, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(Routes.TagsOf(name, version), RelayApiJson.Default.PageTagView, cancellationToken);

    /// <summary>Sets a tag of a version.</summary>
    [RelayOperation("PUT", "/v1/models/{name}/versions/{version}/tags/{key}")]
    public Task<TagView> SetOfVersionAsync(
        string name, int version, string key, TagRequest request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Put, Routes.TagOf(name, version, key), request, RelayApiJson.Default.TagRequest, RelayApiJson.Default.TagView,
            cancellationToken);

    /// <summary>Deletes a tag of a version.</summary>
    [RelayOperation("DELETE", "/v1/models/{name}/versions/{version}/tags/{key}")]
    public Task DeleteOfVersionAsync(string name, int version, string key, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.TagOf(name, version, key), cancellationToken);
}
