using System.Data.Common;
using Dapper;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Monitoring;

/// <summary>The statistics of the whole relay, counted in the database and the repository. To count reads the reports of all nodes, and anyone may
/// ask: requests of the same second share one count.</summary>
internal sealed class RelayStatistics(RelayDatabase database, RepositoryCache repository, Uptime uptime, TimeProvider timeProvider)
{
    private static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private (long Started, Task<RelayStats> Count)? _latest;

    public Task<RelayStats> ReadAsync()
    {
        lock (_gate)
        {
            if (_latest is not { } latest || (latest.Count.IsCompleted && timeProvider.GetElapsedTime(latest.Started) >= MaximumAge))
            {
                _latest = latest = (timeProvider.GetTimestamp(), Task.Run(Count));
            }

            return latest.Count;
        }
    }

    private RelayStats Count()
    {
        RepositorySnapshot snapshot = repository.Read();
        using DbConnection connection = database.Open();
        (int models, int versions, int nodes, int stale, int quarantined) = connection.QuerySingle<(int, int, int, int, int)>(
            """
            SELECT (SELECT count(*) FROM models), (SELECT count(*) FROM model_versions), (SELECT count(*) FROM nodes),
                (SELECT coalesce(sum(stale), 0) FROM fleet_counts), (SELECT coalesce(sum(quarantined), 0) FROM fleet_counts)
            """);
        return new RelayStats
        {
            UptimeSeconds = uptime.Seconds,
            Models = models,
            Versions = versions,
            Releases = snapshot.Releases.Count,
            TrainingRuns = CountRunsByState(connection),
            Nodes = nodes,
            StaleNodes = stale,
            Quarantined = quarantined,
            Channels = snapshot.Channels.Values.ToDictionary(c => c.Channel, c => c.Release),
            Predictions = SumPredictions(connection),
        };
    }

    private static Dictionary<string, int> CountRunsByState(DbConnection connection) => connection
        .Query<(string State, int Count)>("SELECT state, count(*) FROM training_runs GROUP BY state")
        .ToDictionary(row => row.State, row => row.Count);

    /// <summary>Reports come from the open network: versions that this relay does not have are left out, so that no made-up names swell the answer,
    /// and the sums stop at 9.2e18, because <c>sum</c> fails beyond 64 bits.</summary>
    private static VersionPredictions[] SumPredictions(DbConnection connection) => [.. connection
        .Query<(string Model, int Version, int Nodes, long Predictions, long Failures, long CallerFaults)>(
            """
            SELECT json_extract(active.value, '$.name') AS model, json_extract(active.value, '$.version') AS version, count(DISTINCT nodes.id),
                CAST(min(total(json_extract(active.value, '$.predictions')), 9.2e18) AS INTEGER),
                CAST(min(total(json_extract(active.value, '$.failures')), 9.2e18) AS INTEGER),
                CAST(min(total(json_extract(active.value, '$.callerFaults')), 9.2e18) AS INTEGER)
            FROM nodes, json_each(nodes.check_in, '$.models') AS active
            WHERE EXISTS (
                SELECT 1 FROM model_versions known
                WHERE known.model = json_extract(active.value, '$.name') AND known.version = json_extract(active.value, '$.version'))
            GROUP BY model, version ORDER BY model, version
            """)
        .Select(row => new VersionPredictions(row.Model, row.Version, row.Nodes, row.Predictions, row.Failures) { CallerFaults = row.CallerFaults })];
}
