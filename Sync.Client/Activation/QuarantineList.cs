using Shared.Contracts.Api;
using Shared.Contracts.Trust;
using Sync.Client.Storage;

namespace Sync.Client.Activation;

/// <summary>Artifacts that verified and then did not hold what they promised, by digest, kept over restarts. Bytes that were altered
/// on the way never come here: the same digest may arrive whole next time.</summary>
internal sealed class QuarantineList(NodeStore store)
{
    private volatile IReadOnlyList<QuarantinedArtifact> _artifacts = store.ReadQuarantine();

    public IReadOnlyList<QuarantinedArtifact> Artifacts => _artifacts;

    public void Add(PlannedModel model, RefusalReason reason)
    {
        QuarantinedArtifact entry = new(model.Name, model.Version, model.Sha256, reason.ToString());
        _artifacts = [.. _artifacts.Where(a => a.Sha256 != model.Sha256), entry];
        store.WriteQuarantine(_artifacts);
    }

    /// <summary>The refusal of the first model that is in quarantine: one is enough to refuse its whole release.</summary>
    public Refusal? Check(PlannedRelease release)
    {
        foreach (PlannedModel model in release.Models)
        {
            if (_artifacts.FirstOrDefault(a => a.Sha256 == model.Sha256) is { } found
                && Enum.TryParse(found.Reason, out RefusalReason reason))
            {
                return new(reason, model.File.Path, "in quarantine since it failed on this node");
            }
        }

        return null;
    }
}
