using Shared.Contracts;
using Shared.Contracts.Cms;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;
using Sync.Client.Storage;
using Sync.Client.Transport;
using Sync.Client.Trust;

namespace Sync.Client.Updates;

/// <summary>Brings a model's bytes, verified: digest, then CMS signature, then the file's inside. One buffer is hashed, verified,
/// parsed and loaded, so that nothing can change in between.</summary>
/// <param name="sources">Null to stay off the network.</param>
internal sealed class ArtifactSource(NodeStore store, RepositorySources? sources, long mostBytes)
{
    /// <param name="signersValidAt">When the signers' certificates must have been valid.</param>
    public async Task<Result<byte[]>> AcquireAsync(
        PlannedModel model, NodeTrust trust, DateTimeOffset signersValidAt, CancellationToken cancellationToken)
    {
        if (model.File.Length > mostBytes)
        {
            return new Refusal(
                RefusalReason.ArtifactTooLarge, model.File.Path, $"{model.File.Length} bytes where the node takes {mostBytes}");
        }

        Result<byte[]> stored = ReadStored(model, trust, signersValidAt);
        return stored.IsAccepted || sources is null ? stored : await DownloadAsync(sources, model, trust, signersValidAt, cancellationToken).ConfigureAwait(false);
    }

    private Result<byte[]> ReadStored(PlannedModel model, NodeTrust trust, DateTimeOffset signersValidAt)
    {
        byte[]? file = StoreFiles.Read(store.ArtifactPath(model.Sha256), model.File.Length);
        byte[]? signature = StoreFiles.Read(store.SignaturePath(model.Sha256), TrustBounds.SignatureFileBytes);
        if (file is null || signature is null)
        {
            return new Refusal(RefusalReason.ArtifactLengthMismatch, model.File.Path, "the store does not hold it as it was signed");
        }

        return Verify(model, file, signature, trust, signersValidAt) is { } refusal ? refusal : file;
    }

    private async Task<Result<byte[]>> DownloadAsync(
        RepositorySources from, PlannedModel model, NodeTrust trust, DateTimeOffset signersValidAt, CancellationToken cancellationToken)
    {
        Result<byte[]> signature = await new TargetReader(store, from).ReadAsync(
            model.Signature, RefusalReason.SignatureFileMismatch, TrustBounds.SignatureFileBytes, cancellationToken).ConfigureAwait(false);
        if (!signature.IsAccepted)
        {
            return signature.Refusal;
        }

        Result<byte[]> file = await from.FetchAsync(async source =>
        {
            (Result<byte[]> whole, bool falseStart) = await DownloadAsync(
                source, model, signature.Value, trust, signersValidAt, cancellationToken).ConfigureAwait(false);

            // What it went on from may be another source's, and false: this one gets to send all of it.
            return falseStart
                ? (await DownloadAsync(source, model, signature.Value, trust, signersValidAt, cancellationToken).ConfigureAwait(false)).Whole
                : whole;
        }).ConfigureAwait(false);
        if (file.IsAccepted)
        {
            store.KeepDownload(model.Sha256, signature.Value);
        }

        return file;
    }

    private async Task<(Result<byte[]> Whole, bool FalseStart)> DownloadAsync(
        IRepositorySource source, PlannedModel model, byte[] signature, NodeTrust trust, DateTimeOffset signersValidAt,
        CancellationToken cancellationToken)
    {
        Fetched fetched;
        bool goesOn;
        using (PartFile part = store.OpenDownload(model.Sha256))
        {
            goesOn = part.Length > 0;
            fetched = await source.DownloadTargetAsync(model.File.ConsistentPath, part, model.File.Length, cancellationToken).ConfigureAwait(false);
        }

        if (fetched.Status != FetchStatus.Ok)
        {
            return (fetched.Refusal ?? new(RefusalReason.TransportUnavailable, model.File.Path, "it is not there"), false);
        }

        byte[] file = store.ReadDownload(model.Sha256, model.File.Length)
            ?? throw new IOException($"the download of '{model.File.Path}' is gone before it was verified");
        if (Verify(model, file, signature, trust, signersValidAt) is { } refusal)
        {
            // Bytes that do not verify are no start to go on from.
            store.DropDownload(model.Sha256);
            return (refusal, goesOn);
        }

        return (file, false);
    }

    private static Refusal? Verify(
        PlannedModel model, byte[] file, byte[] signature, NodeTrust trust, DateTimeOffset signersValidAt) =>
        model.File.Check(file)
        ?? (model.Signature.Check(signature) is { } mismatch ? mismatch with { Reason = RefusalReason.SignatureFileMismatch } : null)
        ?? CmsVerifier.Verify(
            file, signature, trust.Anchors, signersValidAt, model.File.Path, timestampAnchors: trust.TimestampAnchors);
}
