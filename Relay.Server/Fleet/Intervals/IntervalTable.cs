using System.Data.Common;
using System.Text;
using System.Text.Json;
using Dapper;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet.Intervals;

/// <summary>The history of what enrolled nodes ran, inside one transaction. A report that says what the one before said costs none.</summary>
internal sealed class IntervalTable(DbConnection connection, DbTransaction transaction, NodeLimits limits, long now)
{
    /// <summary>Intervals that go for each one that comes: more than come, so that none stays long beyond its time.</summary>
    private const int RemovedAtOnce = 4;

    /// <summary>Adds a report, before it is stored as the node's latest.</summary>
    /// <param name="open">The interval of the node that has no end; null where there is none.</param>
    public void Add(CheckIn report, CheckInSignature signature, OpenInterval? open)
    {
        string state = ReportedState.Create(report, signature.KeyIdentity);
        if (open?.GoesOn(state, now) == true)
        {
            return;
        }

        if (open is not null)
        {
            Close(report.Node);
        }

        RemoveOld();
        Open(report, signature, state);
    }

    /// <summary>Ends the intervals that are open of some nodes, with their latest reports.</summary>
    /// <param name="nodes">A query of names, or one name as a parameter.</param>
    /// <param name="parameters">Of the query.</param>
    public void CloseRemoved(string nodes, object parameters)
    {
        foreach (string node in connection
            .Query<string>($"SELECT node FROM node_intervals WHERE to_at IS NULL AND node IN ({nodes})", parameters, transaction).ToList())
        {
            Close(node, removedAt: now);
        }
    }

    private void Close(string node, long? removedAt = null)
    {
        long interval = connection.QuerySingle<long>("SELECT id FROM node_intervals WHERE node = @node AND to_at IS NULL", new { node }, transaction);
        StoredReport? last = connection.QueryFirstOrDefault<StoredReport>(
            """
            SELECT seen_at AS SeenAt, check_in AS CheckIn, target AS Target, signature_input AS Input, signature AS Signature
            FROM check_ins WHERE node = @node AND signature IS NOT NULL ORDER BY id DESC LIMIT 1
            """,
            new { node }, transaction);
        (string State, long FromAt) open = connection.QuerySingle<(string, long)>(
            "SELECT state, from_at FROM node_intervals WHERE id = @interval", new { interval }, transaction);
        connection.Execute(
            "UPDATE node_intervals SET to_at = @ToAt, removed_at = @removedAt WHERE id = @interval",
            new { interval, ToAt = Math.Max(open.FromAt, last?.SeenAt ?? open.FromAt), removedAt }, transaction);
        if (last is not null && last.SeenAt > open.FromAt && open.State != ReportedState.Crowded)
        {
            Keep(interval, position: 1, last);
        }
    }

    private void Open(CheckIn report, CheckInSignature signature, string state)
    {
        string node = report.Node;
        long bytes = connection.ExecuteScalar<long>(
            "SELECT coalesce(sum(bytes), 0) FROM node_intervals WHERE node = @node AND from_at > @since",
            new { node, since = now - (long)NodeLimits.LongestInterval.TotalMilliseconds }, transaction);
        bool isCrowded = bytes > NodeLimits.HistoryBytesOfADay;
        long interval = connection.ExecuteScalar<long>(
            """
            INSERT INTO node_intervals (node, state, from_at, public_key, bytes)
            SELECT @node, @state, @now, public_key, 0 FROM node_keys WHERE node = @node
            RETURNING id
            """,
            new { node, now, state = isCrowded ? ReportedState.Crowded : state }, transaction);
        if (!isCrowded)
        {
            Keep(interval, position: 0, new StoredReport
            {
                SeenAt = now,
                CheckIn = signature.Body,
                Target = signature.Target,
                Input = signature.Input,
                Signature = signature.Text,
            });
        }
    }

    private void Keep(long interval, int position, StoredReport report)
    {
        connection.Execute(
            """
            INSERT INTO interval_reports (interval, position, seen_at, timestamp, check_in, target, signature_input, signature)
            VALUES (@interval, @position, @SeenAt, @timestamp, @CheckIn, @Target, @Input, @Signature)
            """,
            new
            {
                interval,
                position,
                report.SeenAt,
                report.CheckIn,
                report.Target,
                report.Input,
                report.Signature,
                timestamp = JsonSerializer.Deserialize(report.CheckIn, RelayApiJson.Default.CheckIn)?.Metadata?.Timestamp ?? 0,
            },
            transaction);
        connection.Execute(
            "UPDATE node_intervals SET bytes = bytes + @bytes WHERE id = @interval",
            new
            {
                interval,
                bytes = Encoding.UTF8.GetByteCount(report.CheckIn) + report.Target!.Length + report.Input!.Length + report.Signature!.Length,
            },
            transaction);
    }

    private void RemoveOld() => connection.Execute(
        "DELETE FROM node_intervals WHERE id IN (SELECT id FROM node_intervals WHERE to_at < @before ORDER BY to_at LIMIT @RemovedAtOnce)",
        new { before = now - (long)limits.Retention.TotalMilliseconds, RemovedAtOnce }, transaction);
}

/// <summary>The interval of a node that goes on, with the time of its latest report.</summary>
internal sealed record OpenInterval(string State, long FromAt, long SeenAt)
{
    public bool GoesOn(string state, long now) => now >= SeenAt
        && now - SeenAt <= NodeLimits.Silence.TotalMilliseconds
        && now - FromAt < NodeLimits.LongestInterval.TotalMilliseconds
        && (State == ReportedState.Crowded || State == state);
}
