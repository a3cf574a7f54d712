using System.Net.Http.Headers;
using Sync.Client.Storage;

namespace Sync.Client.Transport;

/// <summary>A place that holds a TUF repository: a relay, a mirror of it, or a bundle on a disk. Nothing from it is trusted.</summary>
internal interface IRepositorySource
{
    /// <summary>What to call it in a refusal.</summary>
    string Name { get; }

    /// <param name="known">The file's tag when this source served it last; the same answers <see cref="FetchStatus.NotModified"/>.</param>
    Task<Fetched> GetMetadataAsync(string file, long limit, EntityTagHeaderValue? known, CancellationToken cancellationToken);

    /// <summary>Reads a target of at most <paramref name="limit"/> bytes into memory.</summary>
    /// <param name="path">Where the metadata place it, with its hash before the file name.</param>
    Task<Fetched> GetTargetAsync(string path, long limit, CancellationToken cancellationToken);

    /// <summary>Brings a target of <paramref name="length"/> bytes to disk, going on where an earlier attempt stopped.</summary>
    Task<Fetched> DownloadTargetAsync(string path, PartFile part, long length, CancellationToken cancellationToken);
}
