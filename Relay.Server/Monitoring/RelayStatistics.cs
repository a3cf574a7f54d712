using System.Data.Common;
using Dapper;
using Relay.Server.Fleet.Usage;
using Relay.Server.ObjectStore;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.Server.Training;
using Shared.Contracts.Api;

namespace Relay.Server.Monitoring;

/// <summary>The statistics of the whole relay, counted in the database and the repository. To count reads the reports of all nodes, and anyone may
/// ask: requests of the same second share one count.</summary>
/// <param name="copy">The copy in an object store; null where there is none.</param>
internal sealed class RelayStatistics(
    RelayDatabase database, RepositoryCache repository, Uptime uptime, TimeProvider timeProvider, CopyStatus? copy = null)
{
    private static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
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
            Predictions = SumPredictions(connection, transaction),
            ObjectStore = copy?.View,
        };
    }

    /// <summary>Reports come from the open network: versions that this relay does not have are left out, so that no made-up names swell the answer,
    /// and the sums stop at 9.2e18, because <c>sum</c> fails beyond 64 bits.</summary>
    private static VersionPredictions[] SumPredictions(DbConnection connection, DbTransaction transaction) => [.. connection
        .Query<(string Model, int Version, int Nodes, double Predictions, double Failures, double CallerFaults)>(
            $"""
            SELECT known.model, known.version, count(DISTINCT nodes.id),
                {SumOf("predictions")}, {SumOf("failures")}, {SumOf("callerFaults")}
            FROM nodes, json_each(nodes.check_in, '$.models') AS active, model_versions AS known
            WHERE known.model = json_extract(active.value, '$.name') AND known.version = CAST(json_extract(active.value, '$.version') AS BIGINT)
            GROUP BY known.model, known.version ORDER BY known.model, known.version
            """, transaction: transaction)
        .Select(row => new VersionPredictions(
            row.Model, row.Version, row.Nodes, FleetCounts.Limit(row.Predictions), FleetCounts.Limit(row.Failures))
        {
            CallerFaults = FleetCounts.Limit(row.CallerFaults),
        })];

    private static string SumOf(string counter) => FleetCounts.SumOf($"json_extract(active.value, '$.{counter}')");
}
