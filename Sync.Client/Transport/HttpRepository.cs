using System.Net.Http.Headers;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Platform.Files;

namespace Sync.Client.Transport;

/// <summary>A repository behind HTTP: static files in two folders.</summary>
/// <param name="metadata">The folder of the metadata, relative to the server's address.</param>
/// <param name="targets">The folder of the targets.</param>
internal sealed class HttpRepository(string name, RelayHttp http, string metadata, string targets) : IRepositorySource
{
    public string Name => name;

    /// <summary>The repository of a relay.</summary>
    public static HttpRepository FromRelay(Uri address, RelayHttp http) => new(address.AbsoluteUri, http, Routes.Metadata, Routes.Targets);

    /// <summary>A folder that <c>relay mirror</c> wrote, on any static server.</summary>
    public static HttpRepository FromMirror(Uri address, RelayHttp http) => new(address.AbsoluteUri, http, "metadata", "targets");

    public Task<Fetched> GetMetadataAsync(string file, long limit, EntityTagHeaderValue? known, CancellationToken cancellationToken) =>
        http.GetAsync($"{metadata}/{file}", limit, RefusalReason.MetadataTooLarge, known, cancellationToken);

    public Task<Fetched> GetTargetAsync(string path, long limit, CancellationToken cancellationToken) =>
        http.GetAsync($"{targets}/{path}", limit, RefusalReason.ArtifactTooLarge, known: null, cancellationToken);

    public Task<Fetched> DownloadTargetAsync(
        string path, PartFile part, long length, bool followsRedirect, CancellationToken cancellationToken) =>
        http.DownloadAsync($"{targets}/{path}", part, length, followsRedirect, cancellationToken);
}
