using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Relay.Server.Storage;

namespace Relay.Server.Rollouts;

/// <summary>The rounds in which a report was stored and could not be counted. What it said is not known: such a round may fail, and never passes.
/// The report itself is acknowledged, and its node does not send it again.</summary>
internal sealed partial class EvidenceGaps(TimeProvider timeProvider, ILogger<EvidenceGaps> log)
{
    private const string Before = "gap";

    private readonly ConcurrentDictionary<(long Rollout, int Round), bool> _known = new();

    /// <summary>Notes it in the transaction that stores the report; where the evidence cannot be written at all, until the relay ends.</summary>
    public void Add(DbConnection connection, DbTransaction transaction, Rollout rollout, long now, Exception error)
    {
        int round = RolloutClock.RoundAt(rollout.ReadRule(), rollout.ReadState(), DateTimeOffset.FromUnixTimeMilliseconds(now));
        bool isNew = _known.TryAdd((rollout.Id, round), true);
        if (isNew)
        {
            LogUncounted(error, rollout.Id, round, rollout.Channel);
        }

        transaction.Save(Before);
        try
        {
            if (new EvidenceTable(connection, transaction, rollout.Id).CountUncounted(round))
            {
                RolloutStore.AddEvent(
                    connection, transaction, rollout.Id, RolloutEvents.Uncounted,
                    string.Create(CultureInfo.InvariantCulture,
                        $"Reports of round {round} could not be counted, so that it cannot pass: the relay's log says why."),
                    RolloutEvent.Relay, Instant.Now(timeProvider));
            }

            transaction.Release(Before);
        }
        catch (DbException e) when (!DatabaseErrors.EndsSavepoint(e))
        {
            transaction.Rollback(Before);
            if (isNew)
            {
                LogUnwritable(e, rollout.Id);
            }
        }
    }

    public bool Contains(long rollout, int round) => _known.ContainsKey((rollout, round));

    public void Forget(long rollout)
    {
        foreach ((long Rollout, int Round) key in _known.Keys.Where(key => key.Rollout == rollout))
        {
            _known.TryRemove(key, out _);
        }
    }

    [LoggerMessage(1606, LogLevel.Error, "Rollout {Rollout}: reports of round {Round} on channel {Channel} are stored and cannot be " +
        "counted; the round cannot pass")]
    private partial void LogUncounted(Exception exception, long rollout, int round, string channel);

    [LoggerMessage(1607, LogLevel.Error, "Rollout {Rollout}: the evidence cannot be written")]
    private partial void LogUnwritable(Exception exception, long rollout);
}
