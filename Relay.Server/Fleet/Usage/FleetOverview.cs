using System.Data.Common;
using System.Text.Json;
using Dapper;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet.Usage;

/// <summary>Reads the counts of the fleet. No query reads nodes or their reports: the time does not depend on how many there are.</summary>
internal sealed class FleetOverview(RelayDatabase database, RepositoryCache repository, VersionStore versions, TimeProvider timeProvider)
{
    public const int DefaultHours = 24;

    // Before the answer is cut to its bytes.
    private const int MaximumItems = 64;

    /// <param name="hours">From 1 to <see cref="UsageTable.KeptHours"/>, the current hour included.</param>
    public FleetView Read(int hours)
    {
        RepositorySnapshot snapshot = repository.Read();
        DateTimeOffset now = timeProvider.GetUtcNow();
        long since = UsageTable.HourOf(now.ToUnixTimeMilliseconds()) - hours;
        using DbConnection connection = database.Open();
        using DbTransaction transaction = connection.BeginTransaction();
        (NodeStanding Standing, long Nodes, long Stale, long Quarantined)[] standings = [.. connection
            .Query<(long Standing, long Nodes, long Stale, long Quarantined)>(
                "SELECT standing, sum(nodes), sum(stale), sum(quarantined) FROM fleet_counts GROUP BY standing", transaction: transaction)
            .Select(row => ((NodeStanding)row.Standing, row.Nodes, row.Stale, row.Quarantined))];
        UsageSum[] sums = [.. UsageSum.Read(connection, transaction, since).OrderByDescending(sum => sum.Calls)];
        return Cut(new FleetView
        {
            At = now,
            Hours = hours,
            Nodes = standings.Sum(s => s.Nodes),
            Stale = standings.Sum(s => s.Stale),
            Quarantined = standings.Sum(s => s.Quarantined),
            Silent = connection.ExecuteScalar<long>(
                "SELECT coalesce(sum(nodes), 0) FROM nodes_seen WHERE slot < @last",
                new { last = NodesSeenSchema.SlotOf(now.AddMinutes(-FleetView.SilentMinutes)) }, transaction),
            Standings = standings.ToDictionary(s => s.Standing.ToString().ToLowerInvariant(), s => s.Nodes, StringComparer.Ordinal),
            Channels = [.. snapshot.Channels.Values
                .OrderBy(c => c.Channel, StringComparer.Ordinal)
                .Select(c => new FleetChannel(c.Channel, c.Release, c.Candidate?.Release, c.Candidate?.Percentage))],
            Releases = [.. connection
                .Query<(string Channel, int Release, long Nodes, long Stale, long Quarantined)>(
                    """
                    SELECT channel, release, sum(nodes) AS all_nodes, sum(stale), sum(quarantined) FROM fleet_counts
                    GROUP BY channel, release ORDER BY all_nodes DESC, channel, release DESC
                    """, transaction: transaction)
                .Select(row => new FleetRelease(
                    row.Channel.Length == 0 ? null : row.Channel, row.Release < 0 ? null : row.Release, row.Nodes, row.Stale, row.Quarantined))],
            Versions = [.. connection
                .Query<(string Model, int Version, long Nodes)>(
                    "SELECT model, version, nodes FROM fleet_versions ORDER BY nodes DESC, model, version DESC", transaction: transaction)
                .Select(row => new FleetVersion(row.Model, row.Version, row.Nodes))],
            Refusals = [.. connection
                .Query<(string Reason, long Count)>(
                    """
                    SELECT reason, CAST(min(total(refusals), 9.2e18) AS INTEGER) AS of_reason FROM refusal_hours WHERE hour > @since
                    GROUP BY reason ORDER BY of_reason DESC, reason
                    """, new { since }, transaction)
                .Select(row => new FleetRefusals(row.Reason, row.Count))],
            Quarantines = connection.ExecuteScalar<long>(
                "SELECT CAST(min(total(quarantines), 9.2e18) AS INTEGER) FROM report_hours WHERE hour > @since", new { since }, transaction),
            Usage = [.. sums.Take(MaximumItems).Select(sum => sum.ToView(versions))],
            Omitted = Math.Max(0, sums.Length - MaximumItems),
        });
    }

    /// <summary>The view within its bytes: the largest items of each list, and the number of those that are left out.</summary>
    internal static FleetView Cut(FleetView whole)
    {
        for (int items = MaximumItems; ; items /= 2)
        {
            FleetView cut = whole with
            {
                Channels = [.. whole.Channels.Take(items)],
                Releases = [.. whole.Releases.Take(items)],
                Versions = [.. whole.Versions.Take(items)],
                Refusals = [.. whole.Refusals.Take(items)],
                Usage = [.. whole.Usage.Take(items)],
            };
            cut = cut with { Omitted = whole.Omitted + CountItems(whole) - CountItems(cut) };
            if (items == 0 || JsonSerializer.SerializeToUtf8Bytes(cut, RelayApiJson.Default.FleetView).Length <= FleetView.MaximumBytes)
            {
                return cut;
            }
        }
    }

    private static int CountItems(FleetView view) =>
        view.Channels.Count + view.Releases.Count + view.Versions.Count + view.Refusals.Count + view.Usage.Count;
}
