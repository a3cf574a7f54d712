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
        using DbConnection connection = database.Open();
        using DbTransaction transaction = RelayDatabase.BeginRead(connection);
        FleetCounts counts = new(connection, transaction);

        // A channel that was deleted since its nodes reported is one that the relay does not have.
        IReadOnlyList<NodeCount> nodes =
            [.. counts.ReadNodes().Select(count => snapshot.Channels.ContainsKey(count.Channel) ? count : count with { Channel = "" })];
        long since = UsageTable.HourOf(now.ToUnixTimeMilliseconds()) - hours;
        UsageSum[] sums = [.. UsageSum.Read(connection, transaction, since).OrderByDescending(sum => sum.Calls)];
        return Cut(new FleetView
        {
            At = now,
            Hours = hours,
            Nodes = nodes.Sum(count => count.Nodes),
            Stale = nodes.Sum(count => count.Stale),
            Quarantined = nodes.Sum(count => count.Quarantined),
            Silent = counts.CountSilent(now),
            Elsewhere = NodesOf("", nodes),
            Standings = nodes.GroupBy(count => count.Standing).OrderBy(group => group.Key).ToDictionary(
                group => group.Key.ToString().ToLowerInvariant(), group => group.Sum(count => count.Nodes), StringComparer.Ordinal),
            Channels = [.. snapshot.Channels.Values
                .OrderBy(c => c.Channel, StringComparer.Ordinal)
                .Select(c => new FleetChannel(c.Channel, c.Release, c.Candidate?.Release, c.Candidate?.Percentage)
                {
                    Nodes = NodesOf(c.Channel, nodes),
                })],
            Releases = [.. nodes
                .GroupBy(count => (count.Channel, count.Release), (key, group) => ToRelease(key.Channel, key.Release, [.. group]))
                .OrderByDescending(release => release.Nodes)
                .ThenBy(release => release.Channel, StringComparer.Ordinal)
                .ThenByDescending(release => release.Release)],
            Versions = [.. connection
                .Query<(string Model, int Version, long Nodes)>(
                    "SELECT model, version, nodes FROM fleet_versions ORDER BY nodes DESC, model, version DESC", transaction: transaction)
                .Select(row => new FleetVersion(row.Model, row.Version, row.Nodes))],
            Refusals = counts.ReadRefusals(now, hours),
            Quarantines = FleetCounts.Limit(connection.ExecuteScalar<double>(
                $"SELECT {FleetCounts.SumOf("quarantines")} FROM report_hours WHERE hour > @since", new { since }, transaction)),
            Usage = [.. sums.Take(MaximumItems).Select(sum => sum.ToView(versions))],
            Omitted = Math.Max(0, sums.Length - MaximumItems),
        });
    }

    private static long NodesOf(string channel, IReadOnlyList<NodeCount> counts) =>
        counts.Where(count => count.Channel == channel).Sum(count => count.Nodes);

    private static FleetRelease ToRelease(string channel, int release, IReadOnlyList<NodeCount> counts) => new(
        channel.Length == 0 ? null : channel, release < 0 ? null : release,
        counts.Sum(count => count.Nodes), counts.Sum(count => count.Stale), counts.Sum(count => count.Quarantined));

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
