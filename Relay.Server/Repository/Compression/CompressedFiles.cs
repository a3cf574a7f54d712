using Microsoft.Net.Http.Headers;
using Relay.Server.Storage;

namespace Relay.Server.Repository.Compression;

/// <summary>Compressed copies, in memory, of the files that a fleet downloads now. A file that has none is sent as it is.</summary>
internal sealed class CompressedFiles
{
    /// <summary>The one encoding: each client and each proxy knows it.</summary>
    public const string Encoding = "gzip";

    private volatile IReadOnlyDictionary<string, IntactFile> _byTag = new Dictionary<string, IntactFile>();

    /// <summary>The copies, by the tag of the file: one file may have several names.</summary>
    public IReadOnlyDictionary<string, IntactFile> All => _byTag;

    public void Replace(IReadOnlyDictionary<string, IntactFile> byTag) => _byTag = byTag;

    /// <summary>The copy to answer a request with; null: the file itself. A part of a file is one of the file itself, so that a download goes on
    /// wherever it began.</summary>
    public IntactFile? Find(IntactFile file, HttpRequest request) =>
        request.Headers.AcceptEncoding.Count > 0 && request.Headers.Range.Count == 0
        && _byTag.TryGetValue(file.Tag, out IntactFile? copy) && Accepts(request)
            ? copy
            : null;

    private static bool Accepts(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.FirstOrDefault(Names) is { } accepted && accepted.Quality is null or > 0;

    private static bool Names(StringWithQualityHeaderValue encoding) =>
        encoding.Value.Equals(Encoding, StringComparison.OrdinalIgnoreCase);
}
