using System.Collections.Frozen;
using Shared.Contracts;
using Sync.Client.Scoring;

namespace Sync.Client.Updates;

/// <summary>Loads all models of a release, or none: one after the other, so that a single file at a time is in memory.</summary>
internal static class ReleaseLoader
{
    /// <param name="running">Its scorers are reused where the digest is the same.</param>
    /// <param name="acceptedAt">When the release was verified first.</param>
    /// <param name="acquire">Gets the verified bytes of a model.</param>
    /// <param name="tryOut">Makes a scorer of them that passed its try-out.</param>
    public static async Task<Result<LoadedRelease>> LoadAsync(
        PlannedRelease plan, LoadedRelease? running, DateTimeOffset acceptedAt,
        Func<PlannedModel, Task<Result<byte[]>>> acquire, Func<PlannedModel, byte[], Task<Result<ModelScorer>>> tryOut)
    {
        Dictionary<string, ModelScorer> scorers = new(StringComparer.Ordinal);
        List<ModelScorer> created = [];
        bool isWhole = false;
        try
        {
            foreach (PlannedModel model in plan.Models)
            {
                if (running?.Scorers.GetValueOrDefault(model.Name) is { } same && same.Version.Sha256 == model.Sha256)
                {
                    scorers.Add(model.Name, same);
                    continue;
                }

                Result<byte[]> file = await acquire(model).ConfigureAwait(false);
                if (!file.IsAccepted)
                {
                    return file.Refusal;
                }

                Result<ModelScorer> scorer = await tryOut(model, file.Value).ConfigureAwait(false);
                if (!scorer.IsAccepted)
                {
                    return scorer.Refusal;
                }

                created.Add(scorer.Value);
                scorers.Add(model.Name, scorer.Value);
            }

            isWhole = true;
            return new LoadedRelease(plan.Number, acceptedAt, scorers.ToFrozenDictionary(StringComparer.Ordinal));
        }
        finally
        {
            if (!isWhole)
            {
                created.ForEach(s => s.Retire());
            }
        }
    }
}
