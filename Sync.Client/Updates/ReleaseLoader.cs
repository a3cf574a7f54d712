using System.Collections.Frozen;
using Shared.Contracts;
using Shared.Contracts.Onnx;
using Shared.Scoring.Compilation;
using Shared.Scoring.Explaining;
using Sync.Client.Scoring;
using Sync.Client.Scoring.TypedRows;
using Sync.Client.Trust;

namespace Sync.Client.Updates;

/// <summary>From a plan to scorers that may answer: bytes, their inside, a scorer, its try-out. All of it away from callers, and
/// all models of a release or none.</summary>
internal sealed class ReleaseLoader(QuarantineList quarantine, ScorerLoader scorers, IReadOnlyList<RowType> rowTypes, bool explains)
{
    /// <param name="running">Its scorers are taken over where the digest is the same.</param>
    /// <param name="acceptedAt">When the release was verified first.</param>
    public async Task<Result<LoadedRelease>> LoadAsync(
        PlannedRelease plan, NodeTrust trust, ArtifactSource source, LoadedRelease? running, DateTimeOffset acceptedAt,
        CancellationToken cancellationToken)
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

                Result<byte[]> file = await source.AcquireAsync(model, trust, acceptedAt, cancellationToken).ConfigureAwait(false);
                if (!file.IsAccepted)
                {
                    return file.Refusal;
                }

                (Result<ModelScorer> scorer, bool isToBlame) = await BackgroundThread.RunAsync(
                    () => TryLoad(model, file.Value, cancellationToken), $"relay loads {model.Name}").ConfigureAwait(false);
                if (!scorer.IsAccepted)
                {
                    if (isToBlame)
                    {
                        quarantine.Add(model, scorer.Refusal.Reason);
                    }

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

    /// <returns>A scorer, or why not and whether the artifact is to blame for it.</returns>
    private (Result<ModelScorer> Scorer, bool IsToBlame) TryLoad(PlannedModel model, byte[] file, CancellationToken cancellationToken)
    {
        Result<ArtifactDescription> verdict = ArtifactInspector.Inspect(file, model.File.Path);
        if (!verdict.IsAccepted)
        {
            return (verdict.Refusal, true);
        }

        ArtifactDescription described = verdict.Value;
        if (described.Name != model.Name || described.Version != model.Version)
        {
            return (new Refusal(
                RefusalReason.SchemaMismatch, model.File.Path, $"the file says it is {described.Name} version {described.Version}"), true);
        }

        Result<RowReaders> rows = RowReaders.Bind(rowTypes, model.Name, described.Schema, model.File.Path);
        if (!rows.IsAccepted)
        {
            // This node's program is: one that has the right properties may load the same file.
            return (rows.Refusal, false);
        }

        ActiveModelVersion version = new(model.Name, model.Version, model.Sha256, described.Schema) { Offset = described.Offset };
        Result<ModelScorer> scorer = scorers.Load(file, described, version, model.File.Path, cancellationToken);
        if (scorer.IsAccepted)
        {
            scorer.Value.Rows = rows.Value;
            if (explains)
            {
                Unsupported? whyNot = ForestExplainer.Load(file, described.Schema, out ForestExplainer? explainer);
                scorer.Value.Explaining = (explainer, $"{whyNot}");
            }
        }

        return (scorer, true);
    }
}
