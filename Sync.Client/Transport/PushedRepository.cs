using System.Net.Http.Headers;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Sync.Client.Transport;

/// <summary>The repository of a relay, without requests for the files that its event stream brought: they count as its answers, and are no more
/// trusted.</summary>
/// <param name="held">Gives the version of the timestamp that the node has; 0 for none.</param>
internal sealed class PushedRepository(HttpRepository relay, PushedFiles pushed, Func<long> held) : IRepositorySource
{
    public string Name => relay.Name;

    public async Task<Fetched> GetMetadataAsync(string file, long limit, EntityTagHeaderValue? known, CancellationToken cancellationToken)
    {
        if (file == MetadataPaths.Timestamp)
        {
            if (pushed.TakeTimestamp(held()) is { } newest && Find(pushed.TakeMetadata(file), limit) is { } timestamp)
            {
                return timestamp with { ETag = EntityTagHeaderValue.TryParse(newest.ETag, out EntityTagHeaderValue? tag) ? tag : null };
            }
        }
        else if (Find(pushed.TakeMetadata(file), limit) is { } metadata)
        {
            return metadata;
        }
        else if (pushed.Root is { } root && MetadataPaths.Versioned(RoleNames.Root, root + 1) == file)
        {
            // What the relay would say to a request, and no less trusted: it could withhold a root from that, too.
            return Fetched.NotFound;
        }

        return await relay.GetMetadataAsync(file, limit, known, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Fetched> GetTargetAsync(string path, long limit, CancellationToken cancellationToken) =>
        Find(pushed.TakeTarget(path), limit) ?? await relay.GetTargetAsync(path, limit, cancellationToken).ConfigureAwait(false);

    public async Task<Fetched> DownloadTargetAsync(
        string path, PartFile part, long length, bool followsRedirect, CancellationToken cancellationToken)
    {
        if (pushed.TakeTarget(path) is not { } content || content.Length != length)
        {
            return await relay.DownloadTargetAsync(path, part, length, followsRedirect, cancellationToken).ConfigureAwait(false);
        }

        part.Clear();
        await part.AppendAsync(content, cancellationToken).ConfigureAwait(false);
        return Fetched.Ok([], etag: null);
    }

    private static Fetched? Find(byte[]? content, long limit) => content?.Length <= limit ? Fetched.Ok(content, etag: null) : null;
}
