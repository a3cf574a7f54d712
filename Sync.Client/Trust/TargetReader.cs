using Shared.Contracts;
using Shared.Contracts.Tuf;
using Sync.Client.Storage;
using Sync.Client.Transport;

namespace Sync.Client.Trust;

/// <summary>Reads the documents that the metadata list: from the store where their digest matches, else from the relay or a mirror.</summary>
/// <param name="sources">Null to read the store alone.</param>
internal sealed class TargetReader(NodeStore store, RepositorySources? sources)
{
    /// <summary>The verified bytes of a document.</summary>
    public async Task<Result<byte[]>> ReadAsync(TrustedMetadata trusted, string path, CancellationToken cancellationToken)
    {
        TargetSearch search = trusted.Find(path);
        if (search.Found is not { } file)
        {
            return search.Refusal ?? new(RefusalReason.MetadataMissing, path, $"role '{search.Needed!.Role}' was not loaded");
        }

        return await ReadAsync(file, RefusalReason.ArtifactHashMismatch, TrustBounds.DocumentBytes, cancellationToken).ConfigureAwait(false);
    }

    /// <param name="mismatch">The reason of a refusal where the bytes are not the signed ones.</param>
    public async Task<Result<byte[]>> ReadAsync(
        TargetFile file, RefusalReason mismatch, long maxBytes, CancellationToken cancellationToken)
    {
        if (file.Length > maxBytes)
        {
            return new Refusal(RefusalReason.ArtifactTooLarge, file.Path, $"{file.Length} bytes, more than {maxBytes}");
        }

        if (store.ReadTarget(file.Hashes.Preferred, file.Length) is { } stored && file.Check(stored) is null)
        {
            return stored;
        }

        return sources is null
            ? new Refusal(RefusalReason.MetadataMissing, file.Path, "the store does not hold the signed bytes")
            : await sources.FetchAsync(source => FetchAsync(source, file, mismatch, cancellationToken)).ConfigureAwait(false);
    }

    private async Task<Result<byte[]>> FetchAsync(
        IRepositorySource source, TargetFile file, RefusalReason mismatch, CancellationToken cancellationToken)
    {
        Fetched fetched = await source.GetTargetAsync(file.ConsistentPath, file.Length, cancellationToken).ConfigureAwait(false);
        if (fetched.Status != FetchStatus.Ok)
        {
            return fetched.Refusal ?? new(RefusalReason.TransportUnavailable, file.Path, "it is missing");
        }

        if (file.Check(fetched.Bytes) is { } refusal)
        {
            return refusal with { Reason = refusal.Reason == RefusalReason.ArtifactHashMismatch ? mismatch : refusal.Reason };
        }

        store.WriteTarget(file.Hashes.Preferred, fetched.Bytes);
        return fetched.Bytes;
    }
}
