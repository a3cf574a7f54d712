using Shared.Contracts;
using Shared.Contracts.Evidence;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Sync.Client.Storage;
using Sync.Client.Transport;
using Sync.Client.Trust;

namespace Sync.Client.Updates;

/// <summary>Requires that a version passed the gates that this node names. The test result is a file that the metadata list, and it must be
/// signed by a signer of the model: neither layer alone is enough.</summary>
/// <param name="required">Names of gates.</param>
internal sealed class GateRequirement(IReadOnlyCollection<string> required, NodeStore store, RepositorySources? sources)
{
    /// <param name="model">A model whose file and signature were verified and are in the store.</param>
    public async Task<Refusal?> FindRefusalAsync(PlannedModel model, NodeTrust trust, CancellationToken cancellationToken)
    {
        if (required.Count == 0)
        {
            return null;
        }

        TargetSearch found = trust.Metadata.Find(TargetPaths.TestResult(model.Name, model.Version));
        if (found.Found is not { } file)
        {
            return Refuse(model, "no role signs for its test result");
        }

        Result<byte[]> envelope = await new TargetReader(store, sources).ReadAsync(
            file, RefusalReason.ArtifactHashMismatch, TrustBounds.DocumentBytes, cancellationToken).ConfigureAwait(false);
        if (!envelope.IsAccepted)
        {
            return envelope.Refusal;
        }

        if (store.ReadSignature(model.Sha256, TrustBounds.SignatureFileBytes) is not { } signature || model.Signature.Check(signature) is not null)
        {
            return Refuse(model, "the store does not hold its signature");
        }

        Result<string[]> passed = TestResultReader.ReadPassed(envelope.Value, signature, model.File.Path, model.Sha256);
        return !passed.IsAccepted ? passed.Refusal
            : required.Except(passed.Value, StringComparer.Ordinal).ToList() is { Count: > 0 } missing
                ? Refuse(model, $"its signed test result has no pass of {string.Join(", ", missing)}, which {OptionNames.Require} names")
            : null;
    }

    private static Refusal Refuse(PlannedModel model, string detail) => new(RefusalReason.GateNotPassed, model.File.Path, detail);
}
