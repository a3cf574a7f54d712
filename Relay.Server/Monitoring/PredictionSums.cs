using System.Data.Common;
using Dapper;
using Relay.Server.Fleet.Usage;
using Shared.Contracts.Api;

namespace Relay.Server.Monitoring;

/// <summary>The predictions of each version, summed over the latest reports of all nodes. To sum reads every report: in a large fleet the sums are
/// kept for so long that reading takes one twentieth of the time, however often they are asked for.</summary>
/// <remarks>Its caller reads once at a time.</remarks>
internal sealed class PredictionSums(TimeProvider timeProvider)
{
    /// <summary>Between two sums goes this many times what the first one took.</summary>
    public const int Pause = 19;

    private Sums? _latest;

    public IReadOnlyList<VersionPredictions> Read(DbConnection connection, DbTransaction transaction)
    {
        if (_latest is { } known && timeProvider.GetElapsedTime(known.EndedAt) < known.Duration * Pause)
        {
            return known.Versions;
        }

        long beganAt = timeProvider.GetTimestamp();
        List<VersionPredictions> versions = Sum(connection, transaction);
        long endedAt = timeProvider.GetTimestamp();
        _latest = new(versions, timeProvider.GetElapsedTime(beganAt, endedAt), endedAt);
        return versions;
    }

    /// <summary>Reports come from the open network: versions that this relay does not have are left out, so that no made-up names swell the answer,
    /// and the sums stop at 9.2e18, because <c>sum</c> fails beyond 64 bits.</summary>
    private static List<VersionPredictions> Sum(DbConnection connection, DbTransaction transaction) => [.. connection
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

    private sealed record Sums(IReadOnlyList<VersionPredictions> Versions, TimeSpan Duration, long EndedAt);
}
