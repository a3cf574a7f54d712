using System.Net.Http.Headers;
using Shared.Platform.Files;

namespace Sync.Client.Transport;

/// <summary>A source of a TUF repository: a relay, a mirror or a bundle. Callers verify all of its bytes.</summary>
internal interface IRepositorySource
{
    /// <summary>Its name in refusals.</summary>
    string Name { get; }

    /// <param name="known">The ETag of the copy that the caller has; the same one gives <see cref="FetchStatus.NotModified"/>.</param>
    Task<Fetched> GetMetadataAsync(string file, long limit, EntityTagHeaderValue? known, CancellationToken cancellationToken);

    /// <summary>Reads a target of at most <paramref name="limit"/> bytes into memory.</summary>
    /// <param name="path">Its consistent path: the hash stands before the file name.</param>
    Task<Fetched> GetTargetAsync(string path, long limit, CancellationToken cancellationToken);

    /// <summary>Downloads a target of <paramref name="length"/> bytes to disk, and resumes an earlier attempt.</summary>
    /// <param name="followsRedirect">The source may send the node elsewhere for it; false: the source itself has to send it.</param>
    Task<Fetched> DownloadTargetAsync(string path, PartFile part, long length, bool followsRedirect, CancellationToken cancellationToken);
}
