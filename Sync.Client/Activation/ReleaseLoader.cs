using System.Collections.Frozen;
using Microsoft.ML.OnnxRuntime;
using Shared.Contracts.Onnx;
using Shared.Contracts.Trust;
using Sync.Client.Runtime;
using Sync.Client.Trust;

namespace Sync.Client.Activation;

/// <summary>From a plan to scorers that may answer: bytes, their inside, a session, the try-out. All of it away from callers, and
/// all models of a release or none.</summary>
internal sealed class ReleaseLoader(QuarantineList quarantine, TimeSpan latencyBudget)
{
    /// <param name="running">Its scorers are taken over where the digest is the same.</param>
    /// <param name="acceptedAt">When the release was verified first.</param>
    public async Task<Verdict<LoadedRelease>> LoadAsync(
        PlannedRelease plan, NodeTrust trust, ArtifactSource source, LoadedRelease? running, DateTimeOffset acceptedAt,
        CancellationToken cancellation)
    {
        Dictionary<string, ModelScorer> loaded = [];
        List<ModelScorer> made = [];
        bool whole = false;
        try
        {
            foreach (PlannedModel model in plan.Models)
            {
                if (running?.Scorers.GetValueOrDefault(model.Name) is { } same && same.Version.Sha256 == model.Sha256)
                {
                    loaded.Add(model.Name, same);
                    continue;
                }

                Verdict<byte[]> file = await source.AcquireAsync(model, trust, acceptedAt, cancellation);
                if (!file.IsAccepted)
                {
                    return file.Refusal;
                }

                Verdict<ModelScorer> scorer = await SideThread.RunAsync(() => TryLoad(model, file.Value), $"relay loads {model.Name}");
                if (!scorer.IsAccepted)
                {
                    quarantine.Add(model, scorer.Refusal.Reason);
                    return scorer.Refusal;
                }

                quarantine.Remove(model.Sha256);
                made.Add(scorer.Value);
                loaded.Add(model.Name, scorer.Value);
            }

            whole = true;
            return new LoadedRelease(plan.Number, acceptedAt, loaded.ToFrozenDictionary(StringComparer.Ordinal));
        }
        finally
        {
            if (!whole)
            {
                made.ForEach(s => s.Retire());
            }
        }
    }

    private Verdict<ModelScorer> TryLoad(PlannedModel model, byte[] file)
    {
        ArtifactVerdict verdict = ArtifactInspector.Inspect(file, model.File.Path);
        if (!verdict.IsAccepted)
        {
            return verdict.Refusal;
        }

        ArtifactDescription described = verdict.Description;
        if (described.Name != model.Name || described.Version != model.Version)
        {
            return new Refusal(
                RefusalReason.SchemaMismatch, model.File.Path, $"the file says it is {described.Name} version {described.Version}");
        }

        ActiveModelVersion version = new(model.Name, model.Version, model.Sha256, described.Schema) { Offset = described.Offset };
        ModelScorer scorer;
        try
        {
            scorer = ModelScorer.Load(file, version);
        }
        catch (OnnxRuntimeException e)
        {
            return new Refusal(RefusalReason.ScorerUnavailable, model.File.Path, e.Message);
        }

        if (TryOut.Run(scorer, described.Golden, latencyBudget, model.File.Path) is { } refusal)
        {
            scorer.Retire();
            return refusal;
        }

        return scorer;
    }
}
