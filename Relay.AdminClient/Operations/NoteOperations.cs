using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.AdminClient.Operations;

/// <summary>Notes about models and versions, in Markdown. No signature covers them.</summary>
public sealed class NoteOperations
{
    private readonly RelayTransport _transport;

    internal NoteOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Reads the note of a model.</summary>
    [RelayOperation("GET", "/v1/models/{name}/note")]
    public Task<NoteView> FindOfModelAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.NoteOf(name, null), RelayApiJson.Default.NoteView, cancellationToken);

    /// <summary>Writes the note of a model, in the place of the one before.</summary>
    [RelayOperation("PUT", "/v1/models/{name}/note")]
    public Task<NoteView> SetOfModelAsync(string name, NoteRequest request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Put, Routes.NoteOf(name, null), request, RelayApiJson.Default.NoteRequest, RelayApiJson.Default.NoteView,
            cancellationToken);

    /// <summary>Deletes the note of a model.</summary>
    [RelayOperation("DELETE", "/v1/models/{name}/note")]
    public Task DeleteOfModelAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.NoteOf(name, null), cancellationToken);

    /// <summary>Reads the note of a version.</summary>
    [RelayOperation("GET", "/v1/models/{name}/versions/{version}/note")]
    public Task<NoteView> FindOfVersionAsync(string name, int version, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.NoteOf(name, version), RelayApiJson.Default.NoteView, cancellationToken);

    /// <summary>Writes the note of a version, in the place of the one before.</summary>
    [RelayOperation("PUT", "/v1/models/{name}/versions/{version}/note")]
    public Task<NoteView> SetOfVersionAsync(string name, int version, NoteRequest request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Put, Routes.NoteOf(name, version), request, RelayApiJson.Default.NoteRequest, RelayApiJson.Default.NoteView,
            cancellationToken);

    /// <summary>Deletes the note of a version.</summary>
    [RelayOperation("DELETE", "/v1/models/{name}/versions/{version}/note")]
    public Task DeleteOfVersionAsync(string name, int version, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.NoteOf(name, version), cancellationToken);
}
