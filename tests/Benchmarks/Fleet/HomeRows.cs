using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Dapper;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Benchmarks.Fleet;

/// <summary>The view of a whole fleet, of many nodes that are written straight into the database.</summary>
internal static class HomeRows
{
    private const int Nodes = 100_000;
    private const int Channels = 20;
    private const int Releases = 30;
    private const int Models = 10;
    private const int Hours = 24;
    private const int Requests = 21;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        Fill(relay);
        int bytes = 0;
        List<double> times = [];
        for (int i = 0; i < Requests; i++)
        {
            long asked = Stopwatch.GetTimestamp();
            bytes = (await relay.Admin.GetByteArrayAsync(Routes.Fleet, cancellationToken)).Length;
            times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }

        times.Sort();
        return
        [
            BenchRow.LowerIsBetter(
                "fleet.home.bytes", bytes, null, "bytes",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the answer of GET {Routes.Fleet} for {Nodes:N0} nodes in {Channels} channels, ")
                + $"with {Releases} releases of {Models} models and {Hours} hours of usage; at most {FleetView.MaximumBytes}: the largest "
                + "items of each list, and the number of the others"),
            BenchRow.LowerIsBetter("fleet.home.ms", times[Requests / 2], null, "ms", $"the same: until it is read over HTTPS, median of {Requests}"),
        ];
    }

    private static void Fill(TestRelay relay)
    {
        using DbConnection connection = relay.OpenDatabase();
        using DbTransaction transaction = connection.BeginTransaction(IsolationLevel.Serializable);
        connection.Execute(
            """
            WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < @Nodes - 1)
            INSERT INTO nodes (id, check_in, first_seen_at, seen_at, standing, signed, bytes, fleet)
            SELECT 'node-' || n, '{}', @now, @now, 3, 1, 2, json_object(
                'channel', 'channel-' || (n % @Channels), 'release', 1 + n % @Releases, 'stale', n % 50 = 0, 'quarantined', n % 70 = 0,
                'models', json_array(json_object('model', 'model-' || (n % @Models), 'version', 1 + n % @Releases)))
            FROM numbers
            """,
            new { Nodes, Channels, Releases, Models, now = Now }, transaction);
        connection.Execute(
            """
            WITH RECURSIVE
                hours (hour) AS (SELECT @now / 3600000 - @Hours + 1 UNION ALL SELECT hour + 1 FROM hours WHERE hour < @now / 3600000),
                models (model) AS (SELECT 0 UNION ALL SELECT model + 1 FROM models WHERE model < @Models - 1),
                releases (release) AS (SELECT 1 UNION ALL SELECT release + 1 FROM releases WHERE release < @Releases)
            INSERT INTO usage_hours (hour, release, model, version, cohort, windows, calls, rows, failures, caller_faults, bins)
            SELECT hour, release, 'model-' || model, release, 1, 1000, 1000000 + release, 1000000, 100, 10, @bins FROM hours, models, releases
            """,
            new { Hours, Models, Releases, now = Now, bins = Enumerable.Range(0, 148 * 8).Select(i => (byte)(i % 8 < 2 ? 1 : 0)).ToArray() },
                transaction);
        transaction.Commit();
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
