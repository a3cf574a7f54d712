using Relay.AdminClient.Transport;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.AdminClient.Operations;

/// <summary>What training made: versions, their cards and files, comparison and revocation.</summary>
public sealed class VersionOperations
{
    private readonly RelayTransport _transport;

    internal VersionOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Lists the versions of a model, the newest first.</summary>
    [RelayOperation("GET", "/v1/models/{name}/versions")]
    public IAsyncEnumerable<VersionView> ListAsync(string name, VersionQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            query is null ? Routes.VersionsOf(name) : query.ToPath(Routes.VersionsOf(name)), RelayApiJson.Default.PageVersionView,
            cancellationToken);

    /// <summary>Reads a version with its card.</summary>
    [RelayOperation("GET", "/v1/models/{name}/versions/{version}")]
    public Task<VersionDetail> FindAsync(string name, int version, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.VersionOf(name, version), RelayApiJson.Default.VersionDetail, cancellationToken);

    /// <summary>Deletes a version that was never published and that nothing names.</summary>
    [RelayOperation("DELETE", "/v1/models/{name}/versions/{version}")]
    public Task DeleteAsync(string name, int version, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.VersionOf(name, version), cancellationToken);

    /// <summary>Reads the card of a version.</summary>
    [RelayOperation("GET", "/v1/models/{name}/versions/{version}/card.json")]
    public Task<ModelCard> ReadCardAsync(string name, int version, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.CardOf(name, version, "json"), ModelJson.Default.ModelCard, cancellationToken);

    /// <summary>Reads the card of a version as one page.</summary>
    [RelayOperation("GET", "/v1/models/{name}/versions/{version}/card.html")]
    public Task<string> ReadCardPageAsync(string name, int version, CancellationToken cancellationToken = default) =>
        _transport.GetTextAsync(Routes.CardOf(name, version, "html"), cancellationToken);

    /// <summary>Reads the card of a version as Markdown.</summary>
    [RelayOperation("GET", "/v1/models/{name}/versions/{version}/card.md")]
    public Task<string> ReadCardMarkdownAsync(string name, int version, CancellationToken cancellationToken = default) =>
        _transport.GetTextAsync(Routes.CardOf(name, version, "md"), cancellationToken);

    /// <summary>Reads what a version was made of, as a CycloneDX document.</summary>
    [RelayOperation("GET", "/v1/models/{name}/versions/{version}/bom")]
    public Task<string> ReadBomAsync(string name, int version, CancellationToken cancellationToken = default) =>
        _transport.GetTextAsync(Routes.BomOf(name, version), cancellationToken);

    /// <summary>Compares a version with another one of the same model.</summary>
    [RelayOperation("GET", "/v1/models/{name}/versions/{version}/compare")]
    public Task<VersionComparison> CompareAsync(string name, int version, int with, CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.ComparisonOf(name, version, with), RelayApiJson.Default.VersionComparison, cancellationToken);

    /// <summary>Lists the files of a version, published or not.</summary>
    [RelayOperation("GET", "/v1/models/{name}/versions/{version}/files")]
    public IAsyncEnumerable<VersionFileView> ListFilesAsync(string name, int version, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(Routes.FilesOf(name, version), RelayApiJson.Default.PageVersionFileView, cancellationToken);

    /// <summary>Downloads a file of a version.</summary>
    [RelayOperation("GET", "/v1/models/{name}/versions/{version}/files/{file}")]
    public Task DownloadFileAsync(string name, int version, string file, Stream destination, CancellationToken cancellationToken = default) =>
        _transport.DownloadAsync($"{Routes.FilesOf(name, version)}/{Uri.EscapeDataString(file)}", destination, cancellationToken);

    /// <summary>Revokes a version: no node runs it any more.</summary>
    [RelayOperation("POST", "/v1/models/{name}/versions/{version}/revoke")]
    public Task<Proposal<RevocationView>> RevokeAsync(
        string name, int version, RevocationRequest request, CancellationToken cancellationToken = default) =>
        _transport.ProposeAsync(
            Routes.RevokeOf(name, version), request, RelayApiJson.Default.RevocationRequest, RelayApiJson.Default.RevocationView,
            cancellationToken);

    /// <summary>Lists the versions that are revoked.</summary>
    [RelayOperation("GET", "/v1/revocations")]
    public IAsyncEnumerable<RevocationView> ListRevocationsAsync(ModelNameQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            query is null ? Routes.Revocations : query.ToPath(Routes.Revocations), RelayApiJson.Default.PageRevocationView, cancellationToken);
}
