using System.Data;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Shared.Contracts.Api;

namespace Relay.TestKit;

/// <summary>Many nodes with a day of usage, written straight into the database of a relay.</summary>
public static class LargeFleet
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
            INSERT INTO nodes (
                id, check_in, first_seen_at, seen_at, standing, signed, bytes, fleet, channel, release, stale, quarantined, refusing, models)
            SELECT 'node-' || n, replace(replace(@report, '"node-n"', '"node-' || n || '"'), '"channel-n"', '"channel-' || (n % @Channels) || '"'),
                @now, CASE WHEN n % 1000 = 999 THEN @now - 7200000 ELSE @now END, 3, 1, 2, json_object(
                'channel', 'channel-' || (n % @Channels), 'release', 1 + n % @Releases, 'stale', n % 50 = 0, 'quarantined', n % 70 = 0,
                'models', json_array(json_object('model', 'model-' || (n % @Models), 'version', 1 + n % @Releases))),
                'channel-' || (n % @Channels), 1 + n % @Releases, n % 50 = 0, n % 70 = 0, n % 90 = 0,
                json_array(json_object('model', 'model-' || (n % @Models), 'version', 1 + n % @Releases))
            FROM numbers
            """,
            new { Nodes, Channels, Releases, Models, now = Now, report = Report() }, transaction);
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

    /// <summary>What a usual node reports; its name and its channel are put into it.</summary>
    private static string Report() => JsonSerializer.Serialize(
        new CheckIn
        {
            Node = "node-n",
            Channel = "channel-n",
            Release = 1,
            Stale = false,
            At = TimeProvider.System.GetUtcNow(),
            Models = [.. Enumerable.Range(0, 3).Select(model => new ActiveModel($"model-{model}", 1, new string('a', 64), "managed", 1_000_000, 10)
            {
                SchemaHash = new string('b', 64),
                SchemaSource = "model-card",
            })],
            Refusals = [],
            Quarantine = [],
        },
        RelayApiJson.Default.CheckIn);

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
