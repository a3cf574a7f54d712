using System.Collections.Frozen;

namespace Sync.Client.Scoring;

/// <summary>A release whose models all passed their try-out.</summary>
/// <param name="AcceptedAt">When it was verified first.</param>
/// <param name="Scorers">By model name.</param>
internal sealed record LoadedRelease(int Number, DateTimeOffset AcceptedAt, FrozenDictionary<string, ModelScorer> Scorers)
{
    /// <summary>The models whose file differs between two releases, either of which may be none.</summary>
    public static IReadOnlyList<ModelChange> FindChanges(LoadedRelease? before, LoadedRelease? now) =>
    [
        .. (before?.Scorers.Keys ?? []).Union(now?.Scorers.Keys ?? [], StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => new ModelChange(name, FindVersion(before, name), FindVersion(now, name)))
            .Where(change => change.Old?.Sha256 != change.New?.Sha256),
    ];

    /// <summary>Frees the scorers that another release, which may be none, does not share.</summary>
    public void RetireExcept(LoadedRelease? shared)
    {
        foreach (ModelScorer scorer in Scorers.Values.Where(s => shared?.Scorers.Values.Contains(s) != true))
        {
            scorer.Retire();
        }
    }

    private static ActiveModelVersion? FindVersion(LoadedRelease? release, string name) => release?.Scorers.GetValueOrDefault(name)?.Version;
}
