using System.Net.Http.Headers;
using Shared.Contracts;
using Shared.Contracts.Releases;
using Shared.Platform.Files;

namespace Sync.Client.Transport;

/// <summary>The repository in a bundle, read with the same bounds as a repository behind HTTP.</summary>
internal sealed class BundleRepository(string name, FileStream bundle) : IRepositorySource
{
    private const int ChunkBytes = 65_536;
    private Dictionary<string, (long Offset, long Length)>? _index;

    public string Name => name;

    public Task<Fetched> GetMetadataAsync(string file, long limit, EntityTagHeaderValue? known, CancellationToken cancellationToken) =>
        GetAsync(BundleFormat.MetadataPrefix + file, limit, RefusalReason.MetadataTooLarge, cancellationToken);

    public Task<Fetched> GetTargetAsync(string path, long limit, CancellationToken cancellationToken) =>
        GetAsync(NameOf(path), limit, RefusalReason.ArtifactTooLarge, cancellationToken);

    public Task<Fetched> DownloadTargetAsync(
        string path, PartFile part, long length, bool followsRedirect, CancellationToken cancellationToken) =>
        FindAsync(NameOf(path), length, RefusalReason.ArtifactTooLarge, async (offset, held) =>
        {
            if (held != length)
            {
                return Fetched.Refused(RefusalReason.ArtifactLengthMismatch, path, $"{held} bytes where {length} are signed");
            }

            part.Clear();
            byte[] chunk = new byte[ChunkBytes];
            for (long at = 0; at < length;)
            {
                int got = await ReadAsync(chunk.AsMemory(0, (int)Math.Min(chunk.Length, length - at)), offset + at, cancellationToken)
                    .ConfigureAwait(false);
                await part.AppendAsync(chunk.AsMemory(0, got), cancellationToken).ConfigureAwait(false);
                at += got;
            }

            return Fetched.Ok([], null);
        });

    // The hash stands before the file name.
    private static string NameOf(string path)
    {
        string file = path[(path.LastIndexOf('/') + 1)..];
        return BundleFormat.TargetName(file[..file.IndexOf('.', StringComparison.Ordinal)]);
    }

    private Task<Fetched> GetAsync(string path, long limit, RefusalReason tooLarge, CancellationToken cancellationToken) =>
        FindAsync(path, limit, tooLarge, async (offset, length) =>
        {
            byte[] content = new byte[length];
            for (int got = 0; got < content.Length;)
            {
                got += await ReadAsync(content.AsMemory(got), offset + got, cancellationToken).ConfigureAwait(false);
            }

            return Fetched.Ok(content, null);
        });

    private async Task<Fetched> FindAsync(
        string path, long limit, RefusalReason tooLarge, Func<long, long, Task<Fetched>> read)
    {
        try
        {
            _index ??= BundleIndex.Read(bundle);
            return !_index.TryGetValue(path, out (long Offset, long Length) place) ? Fetched.NotFound
                : place.Length > limit ? Fetched.Refused(tooLarge, path, $"longer than {limit} bytes")
                : await read(place.Offset, place.Length).ConfigureAwait(false);
        }
        catch (InvalidDataException malformed)
        {
            return Fetched.Refused(RefusalReason.BundleMalformed, name, malformed.Message);
        }
    }

    private async Task<int> ReadAsync(Memory<byte> buffer, long at, CancellationToken cancellationToken) =>
        await RandomAccess.ReadAsync(bundle.SafeFileHandle, buffer, at, cancellationToken).ConfigureAwait(false) is > 0 and var got
            ? got
            : throw new InvalidDataException("it became shorter while it was read");
}
