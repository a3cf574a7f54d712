using System.Data.Common;
using Dapper;
using Relay.Server.Fleet.Usage;
using Relay.Server.ObjectStore;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.Server.Training;
using Shared.Contracts.Api;

namespace Relay.Server.Monitoring;

/// <summary>The statistics of the whole relay, counted in the database and the repository. Requests of the same second share one count, and those of
/// a longer time the sums over the reports of all nodes.</summary>
/// <param name="copy">The copy in an object store; null where there is none.</param>
internal sealed class RelayStatistics(
    RelayDatabase database, RepositoryCache repository, Uptime uptime, TimeProvider timeProvider, CopyStatus? copy = null)
{
    private static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly PredictionSums _predictions = new(timeProvider);
    private Task<RelayStats>? _latest;
    private long _endedAt;

    public Task<RelayStats> ReadAsync()
    {
        lock (_gate)
        {
            // From its end on: a count that takes longer than a second must not begin again at once.
            if (_latest is null || (_latest.IsCompleted && timeProvider.GetElapsedTime(Volatile.Read(ref _endedAt)) >= MaximumAge))
            {
                _latest = Task.Run(CountInTime);
            }

            return _latest;
        }
    }

    private RelayStats CountInTime()
    {
        try
        {
            return Count();
        }
        finally
        {
            Volatile.Write(ref _endedAt, timeProvider.GetTimestamp());
        }
    }

    private RelayStats Count()
    {
        RepositorySnapshot snapshot = repository.Read();
        using DbConnection connection = database.Open();
        using DbTransaction transaction = RelayDatabase.BeginRead(connection);
        IReadOnlyList<NodeCount> nodes = new FleetCounts(connection, transaction).ReadNodes();
        (int models, int versions) = connection.QuerySingle<(int, int)>(
            "SELECT (SELECT count(*) FROM models), (SELECT count(*) FROM model_versions)", transaction: transaction);
        return new RelayStats
        {
            UptimeSeconds = uptime.Seconds,
            Models = models,
            Versions = versions,
            Releases = snapshot.Releases.Count,
            TrainingRuns = TrainingRunCounts.CountByState(connection, transaction),
            Nodes = (int)nodes.Sum(count => count.Nodes),
            StaleNodes = (int)nodes.Sum(count => count.Stale),
            Quarantined = (int)nodes.Sum(count => count.Quarantined),
            Channels = snapshot.Channels.Values.ToDictionary(c => c.Channel, c => c.Release),
            Predictions = _predictions.Read(connection, transaction),
            ObjectStore = copy?.View,
        };
    }
}
