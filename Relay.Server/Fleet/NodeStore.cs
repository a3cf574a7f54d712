using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Relay.Server.Fleet.Identity;
using Relay.Server.Fleet.Usage;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet;

/// <summary>The latest report of each node, and a bounded history. Reports come from the network: all of it is bounded.</summary>
/// <param name="observers">Who sees the reports that are stored; null: no one.</param>
/// <param name="exclusions">Who sees the nodes that an operator bans or removes; null: no one.</param>
/// <param name="log">Where it says that an observer fails; null: nowhere.</param>
internal sealed partial class NodeStore(
    RelayDatabase database, DatabaseWriter writer, NodeKeys keys, NodeLimits limits, TimeProvider timeProvider,
    IEnumerable<ICheckInObserver>? observers = null, IEnumerable<INodeExclusionObserver>? exclusions = null, ILogger<NodeStore>? log = null)
{
    private readonly ConcurrentDictionary<string, string> _failing = new(StringComparer.Ordinal);
    private readonly ICheckInObserver[] _observers = [.. observers ?? []];
    private readonly INodeExclusionObserver[] _exclusions = [.. exclusions ?? []];
    private long _waitingBytes;

    public NodeLimits Limits => limits;

    /// <param name="signature">What proves the report; null for one that is not signed.</param>
    /// <param name="entry">What the report adds to the counts of the fleet; null to count nothing.</param>
    public async Task<CheckInReceipt> StoreAsync(CheckIn report, CheckInSignature? signature = null, FleetEntry? entry = null)
    {
        string json = JsonSerializer.Serialize(report, RelayApiJson.Default.CheckIn);
        int waiting = json.Length + (signature?.Body.Length ?? 0);
        try
        {
            CheckInReceipt receipt = Interlocked.Add(ref _waitingBytes, waiting) > limits.WaitingBytes
                ? new CheckInReceipt(CheckInOutcome.Busy)
                : await writer.WriteAsync((connection, transaction) => Store(connection, transaction, report, json, signature, entry));
            if (receipt.Outcome == CheckInOutcome.Stored)
            {
                Observe(observer => observer.Stored(report));
            }

            return receipt;
        }
        finally
        {
            Interlocked.Add(ref _waitingBytes, -waiting);
        }
    }

    /// <summary>Forgets a node, its key and its reports. It is new again when it enrolls or reports.</summary>
    /// <returns>False when there is no such node.</returns>
    public async Task<bool> RemoveAsync(string id)
    {
        bool removed = await writer.WriteAsync((connection, transaction) =>
            Exclude(connection, transaction, id, Table(connection, transaction).Remove(id)));
        keys.Forget();
        Array.ForEach(_exclusions, observer => observer.Excluded(id));
        return removed;
    }

    /// <summary>Bans a node: nothing that its key signs is accepted from now on, and its reports count no longer. Or ends the ban.</summary>
    /// <returns>False when no such node has enrolled.</returns>
    public async Task<bool> BanAsync(string id, bool isBanned)
    {
        bool isKnown = await writer.WriteAsync((connection, transaction) =>
        {
            bool found = Table(connection, transaction).Ban(id, isBanned);
            return isBanned ? Exclude(connection, transaction, id, found) : found;
        });
        keys.Forget();
        if (isBanned)
        {
            Array.ForEach(_exclusions, observer => observer.Excluded(id));
        }

        return isKnown;
    }

    /// <summary>Forgets the nodes whose last report is older than the instant.</summary>
    /// <param name="established">Also those that have enrolled, or have reported for a day or longer.</param>
    /// <returns>Their number.</returns>
    public async Task<int> RemoveUnseenAsync(DateTimeOffset before, bool established)
    {
        int removed = await writer.WriteAsync((connection, transaction) => Table(connection, transaction).RemoveUnseen(
            before.ToUnixTimeMilliseconds(), established ? NodeStanding.Enrolled : NodeStanding.Returned));
        keys.Forget();
        return removed;
    }

    /// <summary>Nodes by name, after the cursor.</summary>
    /// <param name="filter">Null: all.</param>
    public IReadOnlyList<NodeView> List(NodeFilter? filter, string? cursor, int limit)
    {
        ListConditions conditions = new ListConditions().Add("id > @", cursor);
        filter?.AddTo(conditions);
        conditions.WithLimit(limit);
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<(string Id, long FirstSeenAt, long SeenAt, long Standing, bool Signed, string CheckIn, long? BannedAt)>(
                $"""
                SELECT id, first_seen_at, seen_at, standing, signed, check_in, banned_at
                FROM (SELECT id AS listed FROM nodes {conditions} ORDER BY id LIMIT @limit) AS page
                JOIN nodes ON id = listed LEFT JOIN node_keys ON node = id ORDER BY id
                """,
                conditions.Parameters)
            .Select(row => View(row.Id, row.SeenAt, row.Signed, row.CheckIn) with
            {
                FirstSeenAt = Instant.FromMilliseconds(row.FirstSeenAt),
                Established = (NodeStanding)row.Standing >= NodeStanding.Established,
                BannedAt = row.BannedAt is { } banned ? Instant.FromMilliseconds(banned) : null,
            })];
    }

    /// <summary>A node's last reports, the newest first; empty for a node that never reported.</summary>
    public IReadOnlyList<NodeView> History(string id) => [.. ListReports(id, null, int.MaxValue).Select(report => report.View)];

    /// <summary>A node's last reports with their numbers, below the cursor, the newest first.</summary>
    public IReadOnlyList<(long Number, NodeView View)> ListReports(string id, long? cursor, int limit)
    {
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<(long Number, long SeenAt, bool Signed, string CheckIn)>(
                """
                SELECT id, seen_at, signature IS NOT NULL, check_in FROM check_ins WHERE node = @id AND check_ins.id < @Before
                ORDER BY check_ins.id DESC LIMIT @limit
                """,
                new { id, Before = cursor ?? long.MaxValue, limit })
            .Select(row => (row.Number, View(id, row.SeenAt, row.Signed, row.CheckIn)))];
    }

    private CheckInReceipt Store(
        DbConnection connection, DbTransaction transaction, CheckIn report, string json, CheckInSignature? signature, FleetEntry? entry)
    {
        CheckInReceipt receipt = Table(connection, transaction).Store(report, json, signature, entry);
        if (receipt.Outcome == CheckInOutcome.Stored)
        {
            long now = Instant.Now(timeProvider);
            Observe(observer => observer.Observe(connection, transaction, report, signature is not null, now));
        }

        return receipt;
    }

    /// <summary>An error is told once, until another follows; an error of the database that may have ended the transaction is the report's.</summary>
    private void Observe(Action<ICheckInObserver> show)
    {
        foreach (ICheckInObserver observer in _observers)
        {
            try
            {
                show(observer);
            }
            catch (Exception e) when (!DatabaseErrors.EndsTransaction(e))
            {
                (string name, string error) = (observer.GetType().Name, e.GetType().Name);
                if (log is not null && (!_failing.TryGetValue(name, out string? known) || known != error))
                {
                    _failing[name] = error;
                    LogObserverFailed(log, e, name);
                }
            }
        }
    }

    private bool Exclude(DbConnection connection, DbTransaction transaction, string id, bool isKnown)
    {
        if (isKnown)
        {
            Array.ForEach(_exclusions, observer => observer.Excluding(connection, transaction, id));
        }

        return isKnown;
    }

    private NodeTable Table(DbConnection connection, DbTransaction transaction) => new(connection, transaction, limits, Instant.Now(timeProvider));

    private static NodeView View(string id, long seenAt, bool signed, string checkIn) =>
        new(id, Instant.FromMilliseconds(seenAt), JsonSerializer.Deserialize(checkIn, RelayApiJson.Default.CheckIn)!) { Signed = signed };

    [LoggerMessage(1605, LogLevel.Error, "{Observer} cannot count reports, which are stored all the same")]
    private static partial void LogObserverFailed(ILogger log, Exception exception, string observer);
}
