using System.Data.Common;
using Dapper;
using Relay.Server.Repository.GarbageCollection;
using Relay.Server.Storage;

namespace Relay.Server.Fleet.Intervals;

/// <summary>Reads the history of what nodes ran. Each answer takes a few searches in an index.</summary>
internal sealed class IntervalStore(RelayDatabase database, NodeLimits limits, TimeProvider timeProvider) : IPastTimestamps
{
    private const string Columns = """
        SELECT node_intervals.id AS Id, state AS State, from_at AS FromAt, coalesce(to_at, nodes.seen_at, from_at) AS ToAt,
            to_at IS NULL AS IsOpen, removed_at AS RemovedAt, public_key AS PublicKey
        FROM node_intervals LEFT JOIN nodes ON nodes.id = node_intervals.node
        """;

    private const string ReportColumns =
        "SELECT seen_at AS SeenAt, check_in AS CheckIn, target AS Target, signature_input AS Input, signature AS Signature";

    /// <summary>The beginning of what is kept now, in milliseconds since 1970.</summary>
    public long KeptSince => Instant.Now(timeProvider) - (long)limits.Retention.TotalMilliseconds;

    public TimeSpan Retention => limits.Retention;

    /// <summary>Intervals below the cursor, the newest first.</summary>
    public IReadOnlyList<StoredInterval> List(string node, long? cursor, int limit)
    {
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<StoredInterval>(
                $"""
                {Columns} WHERE node = @node AND node_intervals.id < @Before AND coalesce(to_at, nodes.seen_at, from_at) >= @KeptSince
                ORDER BY node_intervals.id DESC LIMIT @limit
                """,
                new { node, Before = cursor ?? long.MaxValue, KeptSince, limit })];
    }

    /// <summary>The last interval that began at an instant or before; null where none did.</summary>
    public StoredInterval? FindBegun(string node, long at) =>
        Find($"{Columns} WHERE node = @node AND from_at <= @at ORDER BY from_at DESC, node_intervals.id DESC LIMIT 1", node, at) is { } found
            && found.ToAt >= KeptSince ? found : null;

    /// <summary>The first interval that began after an instant; null where none did.</summary>
    public StoredInterval? FindNext(string node, long at) =>
        Find($"{Columns} WHERE node = @node AND from_at > @at ORDER BY from_at, node_intervals.id LIMIT 1", node, at);

    /// <summary>The first and the last report of an interval, as far as they are kept.</summary>
    public IReadOnlyList<StoredReport> ReadReports(long interval)
    {
        using DbConnection connection = database.Open();
        return [.. connection.Query<StoredReport>($"{ReportColumns} FROM interval_reports WHERE interval = @interval ORDER BY position",
            new { interval })];
    }

    /// <summary>The latest reports of a node, the oldest first.</summary>
    public IReadOnlyList<StoredReport> ReadLatest(string node)
    {
        using DbConnection connection = database.Open();
        return [.. connection.Query<StoredReport>($"{ReportColumns} FROM check_ins WHERE node = @node ORDER BY id", new { node })];
    }

    /// <summary>The key of a node that is enrolled now; null where none is.</summary>
    public byte[]? FindKey(string node)
    {
        using DbConnection connection = database.Open();
        return connection.QueryFirstOrDefault<byte[]>("SELECT public_key FROM node_keys WHERE node = @node", new { node });
    }

    /// <summary>The rollout whose candidate had a salt; null where there was none.</summary>
    public long? FindRollout(string channel, string salt)
    {
        using DbConnection connection = database.Open();
        return connection.QueryFirstOrDefault<long?>(
            "SELECT id FROM rollouts WHERE salt = @salt AND channel = @channel ORDER BY id DESC LIMIT 1", new { channel, salt });
    }

    KeptTimestamps IPastTimestamps.Find(DateTimeOffset now)
    {
        using DbConnection connection = database.Open();

        // One search for each version, and not a walk over all reports.
        HashSet<long> versions = [.. connection.Query<long?>(
            """
            WITH RECURSIVE named (version) AS (
                SELECT min(timestamp) FROM interval_reports WHERE timestamp > 0
                UNION ALL
                SELECT (SELECT min(timestamp) FROM interval_reports WHERE timestamp > version) FROM named WHERE version IS NOT NULL)
            SELECT version FROM named WHERE version IS NOT NULL
            """).OfType<long>()];
        return new(now - limits.Retention - SigningClock.TimestampLife, versions);
    }

    private StoredInterval? Find(string query, string node, long at)
    {
        using DbConnection connection = database.Open();
        return connection.QueryFirstOrDefault<StoredInterval>(query, new { node, at });
    }
}
