using Shared.Contracts;
using Shared.Contracts.Cms;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;
using Sync.Client.Storage;
using Sync.Client.Transport;
using Sync.Client.Trust;

namespace Sync.Client.Updates;

/// <summary>Reads or downloads a model's bytes and verifies them: the digest, then the CMS signature. The caller parses and loads the same
/// buffer, so that nothing can change in between.</summary>
/// <param name="sources">Null to read the store alone.</param>
internal sealed class ArtifactSource(NodeStore store, RepositorySources? sources, long maxBytes)
{
    /// <param name="signersValidAt">When the signers' certificates must have been valid.</param>
    public async Task<Result<byte[]>> AcquireAsync(
        PlannedModel model, NodeTrust trust, DateTimeOffset signersValidAt, CancellationToken cancellationToken)
    {
        if (model.File.Length > maxBytes)
        {
            return new Refusal(
                RefusalReason.ArtifactTooLarge, model.File.Path,
                $"{model.File.Length} bytes, more than the {maxBytes} of RelaySyncBudgets.ArtifactBytes");
        }

        Result<byte[]> stored = ReadStored(model, trust, signersValidAt);
        return stored.IsAccepted || sources is null
            ? stored
            : await DownloadAsync(sources, model, trust, signersValidAt, cancellationToken).ConfigureAwait(false);
    }

    private Result<byte[]> ReadStored(PlannedModel model, NodeTrust trust, DateTimeOffset signersValidAt)
    {
        byte[]? file = store.ReadArtifact(model.Sha256, model.File.Length);
        byte[]? signature = store.ReadSignature(model.Sha256, TrustBounds.SignatureFileBytes);
        if (file is null || signature is null)
        {
            return new Refusal(RefusalReason.ArtifactLengthMismatch, model.File.Path, "the store does not hold the signed bytes");
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
            (Result<byte[]> whole, bool isWorthAnother) = await DownloadAsync(
                source, model, signature.Value, trust, signersValidAt, followsRedirect: true, cancellationToken).ConfigureAwait(false);
            if (!isWorthAnother)
            {
                return whole;
            }

            // The first part may be from another source, and wrong, or all of it from where this source sent the node: it may send the whole file.
            (whole, _) = await DownloadAsync(
                source, model, signature.Value, trust, signersValidAt, followsRedirect: false, cancellationToken).ConfigureAwait(false);
            return whole;
        }).ConfigureAwait(false);
        if (file.IsAccepted)
        {
            store.KeepDownload(model.Sha256, signature.Value);
        }

        return file;
    }

    private async Task<(Result<byte[]> Whole, bool IsWorthAnother)> DownloadAsync(
        IRepositorySource source, PlannedModel model, byte[] signature, NodeTrust trust, DateTimeOffset signersValidAt, bool followsRedirect,
        CancellationToken cancellationToken)
    {
        Fetched fetched;
        bool isResumed;
        using (PartFile part = store.OpenDownload(model.Sha256))
        {
            isResumed = part.Length > 0;
            fetched = await source.DownloadTargetAsync(
                model.File.ConsistentPath, part, model.File.Length, followsRedirect, cancellationToken).ConfigureAwait(false);
        }

        if (fetched.Status != FetchStatus.Ok)
        {
            return (fetched.Refusal ?? new(RefusalReason.TransportUnavailable, model.File.Path, "it is missing"), false);
        }

        byte[] file = store.ReadDownload(model.Sha256, model.File.Length)
            ?? throw new IOException($"the download of '{model.File.Path}' is gone before it was verified");
        if (Verify(model, file, signature, trust, signersValidAt) is { } refusal)
        {
            // Bytes that do not verify must not be resumed from.
            store.DropDownload(model.Sha256);
            if (fetched.WasRedirected)
            {
                sources!.ReportRedirected(refusal);
            }

            return (refusal, isResumed || fetched.WasRedirected);
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
