using Shared.Contracts;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Sync.Client.Trust;

namespace Sync.Client.Updates;

/// <summary>Reads a release's manifest and decides which files of it this node needs. Everything that it reads is verified.</summary>
internal sealed class ReleasePlanner(IEnumerable<string> models, EarlierTargets earlier)
{
    /// <summary>Plans a release that the store may hold: the metadata need not list it any more, if earlier ones did.</summary>
    public async Task<Result<PlannedRelease>> PlanStoredAsync(
        NodeTrust trust, int number, TargetReader targets, CancellationToken cancellationToken)
    {
        Result<PlannedRelease> plan = await PlanAsync(trust, number, targets, cancellationToken).ConfigureAwait(false);
        return plan.Refusal?.Reason is RefusalReason.UnlistedTarget && earlier.Find(number) is { } listed
            ? await PlanAsync(trust with { Metadata = listed }, number, targets, cancellationToken).ConfigureAwait(false)
            : plan;
    }

    public async Task<Result<PlannedRelease>> PlanAsync(
        NodeTrust trust, int number, TargetReader targets, CancellationToken cancellationToken)
    {
        Result<byte[]> file = await targets.ReadAsync(trust.Metadata, TargetPaths.Release(number), cancellationToken).ConfigureAwait(false);
        if (!file.IsAccepted)
        {
            return file.Refusal;
        }

        Result<ReleaseManifest> release = ReleaseManifest.Read(file.Value, number);
        return release.IsAccepted ? Plan(trust, release.Value) : release.Refusal;
    }

    private Result<PlannedRelease> Plan(NodeTrust trust, ReleaseManifest release)
    {
        if (trust.Policy.CheckRelease(release.Number) is { } belowMinimum)
        {
            return belowMinimum;
        }

        List<PlannedModel> planned = [];
        foreach (string model in models)
        {
            Result<PlannedModel> one = PlanModel(trust, release, model);
            if (!one.IsAccepted)
            {
                return one.Refusal;
            }

            planned.Add(one.Value);
        }

        return new PlannedRelease(release.Number, planned);
    }

    private static Result<PlannedModel> PlanModel(NodeTrust trust, ReleaseManifest release, string name)
    {
        if (release.Models.FirstOrDefault(m => m.Name == name) is not { } model)
        {
            return new Refusal(
                RefusalReason.ReleaseMalformed, TargetPaths.Release(release.Number),
                $"release {release.Number} has no model '{name}', but {List(release)}: " +
                    $"correct {OptionNames.Models}, or publish '{name}' to the channel");
        }

        TargetSearch file = trust.Metadata.Find(model.Path);
        TargetSearch signature = trust.Metadata.Find(model.SignaturePath);
        if (file.Found is not { } onnx || signature.Found is not { } cms)
        {
            return file.Refusal ?? signature.Refusal ?? new(RefusalReason.UnlistedTarget, model.Path, "no role signs for it");
        }

        // Two signed documents disagree: neither is trusted.
        if (onnx.Sha256 != model.Sha256 || onnx.Length != model.Length
            || onnx.Label is not { } label || label.Model != name || label.Version != model.Version)
        {
            return new Refusal(RefusalReason.ReleaseMalformed, model.Path, "the release and the targets metadata describe it differently");
        }

        return trust.Policy.CheckArtifact(model.Path, model.Sha256) is { } revoked
            ? revoked
            : new PlannedModel(name, model.Version, model.Sha256, onnx, cms);
    }

    private static string List(ReleaseManifest release) =>
        release.Models.Count == 0 ? "none at all" : string.Join(", ", release.Models.Take(10).Select(model => $"'{model.Name}'"));
}
