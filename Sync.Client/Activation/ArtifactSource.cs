using Shared.Contracts.Trust;
using Sync.Client.Storage;
using Sync.Client.Transport;
using Sync.Client.Trust;

namespace Sync.Client.Activation;

/// <summary>Brings a model's bytes, verified: digest, then CMS signature, then the file's inside. One buffer is hashed, verified,
/// parsed and loaded, so that nothing can change in between.</summary>
/// <param name="sources">Null to stay off the network.</param>
internal sealed class ArtifactSource(NodeStore store, RepositorySources? sources, long mostBytes)
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
        return stored.IsAccepted || sources is null ? stored : await DownloadAsync(sources, model, trust, signersValidAt, cancellation);
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
        RepositorySources from, PlannedModel model, NodeTrust trust, DateTimeOffset signersValidAt, CancellationToken cancellation)
    {
        Verdict<byte[]> signature = await new TargetReader(store, from).ReadAsync(
            model.Signature, RefusalReason.SignatureFileMismatch, TrustBounds.SignatureFileBytes, cancellation);
        if (!signature.IsAccepted)
        {
            return signature.Refusal;
        }

        string part = store.DownloadPath(model.Sha256);
        Verdict<byte[]> file = await from.FetchAsync(async source =>
        {
            bool goesOn = File.Exists(part);
            Verdict<byte[]> whole = await DownloadAsync(source, model, signature.Value, trust, signersValidAt, part, cancellation);

            // What it went on from may be another source's, and false: this one gets to send all of it.
            return !whole.IsAccepted && goesOn && !File.Exists(part)
                ? await DownloadAsync(source, model, signature.Value, trust, signersValidAt, part, cancellation)
                : whole;
        });
        if (!file.IsAccepted)
        {
            return file.Refusal;
        }

        AtomicFile.Write(store.SignaturePath(model.Sha256), signature.Value);
        AtomicFile.Publish(part, store.ArtifactPath(model.Sha256));
        return file;
    }

    private static async Task<Verdict<byte[]>> DownloadAsync(
        IRepositorySource source, PlannedModel model, byte[] signature, NodeTrust trust, DateTimeOffset signersValidAt, string part,
        CancellationToken cancellation)
    {
        Fetched fetched = await source.DownloadTargetAsync(model.File.ConsistentPath, part, model.File.Length, cancellation);
        if (fetched.Status != FetchStatus.Ok)
        {
            return fetched.Refusal ?? new(RefusalReason.TransportUnavailable, model.File.Path, "it is not there");
        }

        byte[] file = AtomicFile.Read(part, model.File.Length)
            ?? throw new IOException($"the download '{part}' is gone before it was verified");
        if (Verify(model, file, signature, trust, signersValidAt) is { } refusal)
        {
            // Bytes that do not verify are no start to go on from.
            File.Delete(part);
            return refusal;
        }

        return file;
    }

    private static Refusal? Verify(
        PlannedModel model, byte[] file, byte[] signature, NodeTrust trust, DateTimeOffset signersValidAt) =>
        model.File.Check(file)
        ?? (model.Signature.Check(signature) is { } mismatch ? mismatch with { Reason = RefusalReason.SignatureFileMismatch } : null)
        ?? CmsVerifier.Verify(file, signature, trust.Anchors, signersValidAt, model.File.Path);
}
