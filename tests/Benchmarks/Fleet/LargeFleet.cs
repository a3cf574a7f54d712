using System.Data;
using System.Data.Common;
using Dapper;
using Relay.TestKit;

namespace Benchmarks.Fleet;

/// <summary>Many nodes with a day of usage, written straight into the database of a relay.</summary>
internal static class LargeFleet
{
    public const int Nodes = 100_000;
    public const int Channels = 20;
    public const int Releases = 30;
    public const int Models = 10;
    public const int Hours = 24;

    public static void Fill(TestRelay relay)
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
