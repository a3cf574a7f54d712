using Microsoft.Net.Http.Headers;
using Relay.Server.Http.Access;
using Relay.Server.Http.Files;
using Relay.Server.Repository.Compression;
using Relay.Server.Storage;

namespace Relay.Server.Repository;

/// <summary>Answers requests for the files of the repository that never change.</summary>
internal sealed class RepositoryReads(DataFolder folder, IntactFiles intact, CompressedFiles compressed, OpenAccess open)
{
    /// <summary>Null where there is no such file.</summary>
    /// <param name="name">The path in the repository, of plain names with slashes.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public RepositoryFile? Find(string name)
    {
        string path = Path.Combine([folder.Repository, .. name.Split('/')]);
        return intact.Find(path) is { } file ? new(path, file) : null;
    }

    /// <summary>The file, or its compressed copy where the client takes one.</summary>
    public IntactFileResult Answer(RepositoryFile found, HttpContext http)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers.CacheControl = FileHeaders.ImmutableCacheControl(open.Artifacts);

        // A cache on the way must not give the copy to a client that did not ask for it.
        headers.Vary = HeaderNames.AcceptEncoding;
        IntactFile? copy = compressed.Find(found.File, http.Request);
        if (copy is not null)
        {
            headers.ContentEncoding = CompressedFiles.Encoding;
        }

        return new(found.Path, copy ?? found.File, FileHeaders.ContentType(found.Path), isImmutable: true);
    }
}

/// <param name="Path">Where it is.</param>
internal sealed record RepositoryFile(string Path, IntactFile File);
