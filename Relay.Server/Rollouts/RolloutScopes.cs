using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Relay.Server.Models;
using Relay.Server.Repository;
using Shared.Contracts.Models;
using Shared.Contracts.Reports;

namespace Relay.Server.Rollouts;

/// <summary>The scopes of the rollouts that run, by channel. A report costs one short query; the rest is kept while the rollout does not change.</summary>
internal sealed class RolloutScopes(RepositoryCache repository, VersionStore versions)
{
    private readonly ConcurrentDictionary<string, RolloutScope> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Model, int Version), IReadOnlyList<string>> _classes = new();

    /// <summary>True when a report of the channel was counted for a rollout that runs.</summary>
    public bool IsKnown(string channel) => _known.ContainsKey(channel);

    /// <summary>The scope of the rollout on a channel as it is in the transaction; null where none runs, or nodes cannot run its candidate yet.</summary>
    public RolloutScope? Find(DbConnection connection, DbTransaction transaction, string channel)
    {
        (long Id, long Version)[] running = [.. connection.Query<(long, long)>(
            "SELECT id, version FROM rollouts WHERE channel = @channel AND finished_at IS NULL", new { channel }, transaction)];
        if (running is not [var (id, version)])
        {
            _known.TryRemove(channel, out _);
            return null;
        }

        if (_known.TryGetValue(channel, out RolloutScope? known) && known.Id == id && known.Rollout.Version == version)
        {
            return known;
        }

        Rollout rollout = connection.QuerySingle<RolloutRow>($"{RolloutRow.Select} WHERE id = @id", new { id }, transaction).ToRollout();
        if (rollout is not { IsBegun: true, Step: RolloutStep.Stage, CandidateRelease: { } candidate })
        {
            _known.TryRemove(channel, out _);
            return null;
        }

        RepositorySnapshot snapshot = repository.Read();
        return _known[channel] = RolloutScope.Create(rollout, snapshot.Releases[rollout.BaseRelease], snapshot.Releases[candidate]);
    }

    /// <summary>Where the answers with a label are counted; null where the version has no such label.</summary>
    public int? FindLabel(VersionUsage usage, string label)
    {
        IReadOnlyList<string> classes = _classes.GetOrAdd(
            (usage.Model, usage.Version), version => versions.Find(version.Model, version.Version)?.Card is { } card ? ClassesOf(card) : []);
        int index = classes.ToList().IndexOf(label);
        return index < 0 ? null : Math.Min(index, UsageBounds.Labels - 1);
    }

    private static IReadOnlyList<string> ClassesOf(ModelCard card) => card.Schema.Classes;
}
