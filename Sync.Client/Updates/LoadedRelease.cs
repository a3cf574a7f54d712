using System.Collections.Frozen;
using Sync.Client.Scoring;
using Sync.Client.Storage;

namespace Sync.Client.Updates;

/// <summary>A release whose models all passed their try-out.</summary>
/// <param name="AcceptedAt">When it was verified first.</param>
/// <param name="Scorers">By model name.</param>
internal sealed record LoadedRelease(int Number, DateTimeOffset AcceptedAt, FrozenDictionary<string, ModelScorer> Scorers)
{
    /// <summary>True when this release is what the plan asks for, file by file.</summary>
    public bool Runs(PlannedRelease plan) => plan.Number == Number
        && plan.Models.All(m => Scorers.TryGetValue(m.Name, out ModelScorer? scorer) && scorer.Version.Sha256 == m.Sha256);

    /// <summary>The models whose version differs between two releases, either of which may be none.</summary>
    public static IReadOnlyList<ModelChange> Changes(LoadedRelease? before, LoadedRelease? now) =>
    [
        .. (before?.Scorers.Keys ?? []).Union(now?.Scorers.Keys ?? [], StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => new ModelChange(name, VersionOf(before, name), VersionOf(now, name)))
            .Where(change => change.Old?.Sha256 != change.New?.Sha256),
    ];

    public StoredRelease ToStored() => new(
        Number, AcceptedAt,
        [.. Scorers.Values.Select(s => new StoredModel(s.Version.Name, s.Version.Version, s.Version.Sha256))]);

    private static ActiveModelVersion? VersionOf(LoadedRelease? release, string name) => release?.Scorers.GetValueOrDefault(name)?.Version;
}
