using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Contracts.Models;
using Shared.Contracts.Releases;
using Shared.Contracts.Reports;

namespace Relay.Server.Rollouts;

/// <summary>The scopes of the rollouts that run, by channel. The reports of one transaction cost one short query; the
/// rest is kept while the rollout does not change.</summary>
internal sealed class RolloutScopes(RepositoryCache repository, VersionStore versions)
{
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Model, int Version), IReadOnlyList<string>> _classes = new();

    /// <summary>True when a report of the channel was counted for a rollout that runs.</summary>
    public bool IsKnown(string channel) => _known.ContainsKey(channel);

    /// <summary>The rollout on a channel as it is in the transaction; null where none runs, or nodes cannot run its candidate yet.</summary>
    public Rollout? FindRollout(DbConnection connection, DbTransaction transaction, string channel)
    {
        (long Id, long Version)[] running = SharedWork.Find<RunningRollouts>(transaction).Find(connection, transaction, channel);
        if (running is not [var (id, version)])
        {
            _known.TryRemove(channel, out _);
            return null;
        }

        if (_known.TryGetValue(channel, out Known? known) && known.Rollout.Id == id && known.Rollout.Version == version)
        {
            return known.Rollout;
        }

        Rollout rollout = connection.QuerySingle<RolloutRow>($"{RolloutRow.Select} WHERE id = @id", new { id }, transaction).ToRollout();
        if (rollout is not { IsBegun: true, Step: RolloutStep.Stage, CandidateRelease: not null })
        {
            _known.TryRemove(channel, out _);
            return null;
        }

        _known[channel] = new(rollout);
        return rollout;
    }

    /// <summary>How reports of a rollout count. Its releases never change: where the repository cannot be read, they are those of before.</summary>
    /// <exception cref="InvalidDataException">No state of the repository that could be read has both releases.</exception>
    public RolloutScope FindScope(Rollout rollout)
    {
        if (_known.TryGetValue(rollout.Channel, out Known? known) && known.Rollout == rollout && known.Scope is { } scope)
        {
            return scope;
        }

        scope = repository.ReadOrLast() is { } snapshot
            && snapshot.Releases.TryGetValue(rollout.BaseRelease, out ReleaseManifest? baseRelease)
            && snapshot.Releases.TryGetValue(rollout.CandidateRelease!.Value, out ReleaseManifest? candidate)
            ? RolloutScope.Create(rollout, baseRelease, candidate)
            : throw new InvalidDataException("The repository cannot be read, or lacks a release of the rollout.");
        _known[rollout.Channel] = new(rollout) { Scope = scope };
        return scope;
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

    /// <summary>The rollouts that run in the state that a transaction sees: it changes none itself.</summary>
    private sealed class RunningRollouts : ISharedWork
    {
        private readonly Dictionary<string, (long Id, long Version)[]> _found = new(StringComparer.Ordinal);

        public (long Id, long Version)[] Find(DbConnection connection, DbTransaction transaction, string channel)
        {
            if (!_found.TryGetValue(channel, out (long Id, long Version)[]? found))
            {
                _found[channel] = found = [.. connection.Query<(long, long)>(
                    "SELECT id, version FROM rollouts WHERE channel = @channel AND finished_at IS NULL", new { channel }, transaction)];
            }

            return found;
        }

        public void Write(DbConnection connection, DbTransaction transaction)
        {
        }
    }

    private sealed record Known(Rollout Rollout)
    {
        /// <summary>Null until a report needs it.</summary>
        public RolloutScope? Scope { get; init; }
    }
}
