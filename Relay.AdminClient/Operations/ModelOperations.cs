using Relay.AdminClient.Transport;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.AdminClient.Operations;

/// <summary>Models, their specs, and which of them are archived.</summary>
public sealed class ModelOperations
{
    private readonly RelayTransport _transport;

    internal ModelOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Lists models by name.</summary>
    [RelayOperation("GET", "/v1/models")]
    public IAsyncEnumerable<ModelView> ListAsync(ModelQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(query is null ? Routes.Models : query.ToPath(Routes.Models), RelayApiJson.Default.PageModelView, cancellationToken);

    /// <summary>Reads a model.</summary>
    [RelayOperation("GET", "/v1/models/{name}")]
    public Task<ModelView> FindAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.ModelOf(name), RelayApiJson.Default.ModelView, cancellationToken);

    /// <summary>Creates a model from its spec.</summary>
    [RelayOperation("POST", "/v1/models")]
    public Task<ModelView> CreateAsync(ModelSpec spec, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, Routes.Models, spec, ModelJson.Default.ModelSpec, RelayApiJson.Default.ModelView, cancellationToken);

    /// <summary>Creates a model, or replaces its spec.</summary>
    [RelayOperation("PUT", "/v1/models/{name}")]
    public Task<ModelView> PutAsync(string name, ModelSpec spec, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Put, Routes.ModelOf(name), spec, ModelJson.Default.ModelSpec, RelayApiJson.Default.ModelView, cancellationToken);

    /// <summary>Archives a model that no channel names.</summary>
    [RelayOperation("POST", "/v1/models/{name}/archive")]
    public Task<ModelView> ArchiveAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, Routes.ArchiveOf(name), RelayApiJson.Default.ModelView, cancellationToken);

    /// <summary>Restores a model that is archived.</summary>
    [RelayOperation("POST", "/v1/models/{name}/restore")]
    public Task<ModelView> RestoreAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, Routes.RestoreOf(name), RelayApiJson.Default.ModelView, cancellationToken);

    /// <summary>Imports a model file of another framework as a version.</summary>
    [RelayOperation("POST", "/v1/models/{name}/import")]
    public Task<TrainingRun> ImportAsync(
        string name, ImportQuery query, ReadOnlyMemory<byte> file, CancellationToken cancellationToken = default) =>
        _transport.SendFileAsync(query.ToPath(Routes.ImportOf(name)), file, query.Headers, RelayApiJson.Default.TrainingRun, cancellationToken);
}
