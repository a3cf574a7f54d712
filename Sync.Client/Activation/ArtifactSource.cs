using Shared.Contracts.Api;
using Shared.Contracts.Trust;
using Sync.Client.Storage;
using Sync.Client.Transport;
using Sync.Client.Trust;

namespace Sync.Client.Activation;

/// <summary>Brings a model's bytes, verified: digest, then CMS signature, then the file's inside. One buffer is hashed, verified,
/// parsed and loaded, so that nothing can change in between.</summary>
/// <param name="http">Null to stay off the network.</param>
internal sealed class ArtifactSource(NodeStore store, RelayHttp? http, long mostBytes)
{
    /// <param name="signersValidAt">When the signers' certificates must have been valid.</param>
    public async Task<Verdict<byte[]>> AcquireAsync(
        PlannedModel model, NodeTrust trust, DateTimeOffset signersValidAt, CancellationToken cancellation)
    {
        if (model.File.Length > mostBytes)
        {
            return new Refusal(
                RefusalReason.ArtifactTooLarge, model.File.Path, $"{model.File.Length} bytes where the node takes {mostBytes}");
        }

        Verdict<byte[]> stored = ReadStored(model, trust, signersValidAt);
        return stored.IsAccepted || http is null ? stored : await DownloadAsync(http, model, trust, signersValidAt, cancellation);
    }

    private Verdict<byte[]> ReadStored(PlannedModel model, NodeTrust trust, DateTimeOffset signersValidAt)
    {
        byte[]? file = AtomicFile.Read(store.ArtifactPath(model.Sha256), model.File.Length);
        byte[]? signature = AtomicFile.Read(store.SignaturePath(model.Sha256), TrustBounds.SignatureFileBytes);
        if (file is null || signature is null)
        {
            return new Refusal(RefusalReason.ArtifactLengthMismatch, model.File.Path, "the store does not hold it as it was signed");
        }

        return Verify(model, file, signature, trust, signersValidAt) is { } refusal ? refusal : file;
    }

    private async Task<Verdict<byte[]>> DownloadAsync(
        RelayHttp relay, PlannedModel model, NodeTrust trust, DateTimeOffset signersValidAt, CancellationToken cancellation)
    {
        Verdict<byte[]> signature = await new TargetReader(store, relay).ReadAsync(
            model.Signature, RefusalReason.SignatureFileMismatch, TrustBounds.SignatureFileBytes, cancellation);
        if (!signature.IsAccepted)
        {
            return signature.Refusal;
        }

        string part = store.DownloadPath(model.Sha256);
        Fetched fetched = await relay.DownloadAsync(
            $"{Routes.Targets}/{model.File.ConsistentPath}", part, model.File.Length, cancellation);
        if (fetched.Status != FetchStatus.Ok)
        {
            return fetched.Refusal ?? new(RefusalReason.TransportUnavailable, model.File.Path, "the relay does not have it");
        }

        byte[] file = AtomicFile.Read(part, model.File.Length)
            ?? throw new IOException($"the download '{part}' is gone before it was verified");
        if (Verify(model, file, signature.Value, trust, signersValidAt) is { } refusal)
        {
            // Bytes that do not verify are no start to go on from.
            File.Delete(part);
            return refusal;
        }

        AtomicFile.Write(store.SignaturePath(model.Sha256), signature.Value);
        AtomicFile.Publish(part, store.ArtifactPath(model.Sha256));
        return file;
    }

    private static Refusal? Verify(
        PlannedModel model, byte[] file, byte[] signature, NodeTrust trust, DateTimeOffset signersValidAt) =>
        model.File.Check(file)
        ?? (model.Signature.Check(signature) is { } mismatch ? mismatch with { Reason = RefusalReason.SignatureFileMismatch } : null)
        ?? CmsVerifier.Verify(
            file, signature, trust.Anchors, signersValidAt, model.File.Path, timestampAnchors: trust.TimestampAnchors);
}
