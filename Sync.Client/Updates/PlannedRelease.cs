using Shared.Contracts.Tuf;
using Sync.Client.Scoring;

namespace Sync.Client.Updates;

/// <summary>The files of a release that this node needs, after the signed documents agreed on them.</summary>
internal sealed record PlannedRelease(int Number, IReadOnlyList<PlannedModel> Models)
{
    /// <summary>True when a loaded release has the number and every file of this plan.</summary>
    public bool IsRunBy(LoadedRelease? release) => release?.Number == Number
        && Models.All(m => release.Scorers.TryGetValue(m.Name, out ModelScorer? scorer) && scorer.Version.Sha256 == m.Sha256);
}

/// <param name="File">The ONNX file as the metadata list it.</param>
/// <param name="Signature">Its detached CMS signature.</param>
internal sealed record PlannedModel(string Name, int Version, string Sha256, TargetFile File, TargetFile Signature);
