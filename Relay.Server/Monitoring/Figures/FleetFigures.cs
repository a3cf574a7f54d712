using System.Data.Common;
using Dapper;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Usage;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Monitoring.Figures;

/// <summary>Nodes, from the counts that the database keeps. No query reads nodes or their reports.</summary>
internal sealed class FleetFigures(RelayDatabase database, RepositoryCache repository, TimeProvider timeProvider) : IFigureSource
{
    private const int MaximumChannels = 100;
    private const int RefusalHours = 2;

    /// <summary>Nodes of a channel that this relay does not have. No channel has such a name.</summary>
    private const string OtherChannels = "(other)";
    private const string NoRelease = "none";

    private static readonly Gauge Nodes = new("relay.nodes", "{node}", "Nodes that the relay knows, by standing");
    private static readonly Gauge ByRelease = new(
        "relay.channel.nodes", "{node}", "Nodes by channel, and by what they run compared with the channel: current, candidate, behind, ahead, none");
    private static readonly Gauge Silent = new("relay.nodes.silent", "{node}", "Nodes without a report for an hour");
    private static readonly Gauge Stale = new("relay.nodes.stale", "{node}", "Nodes whose metadata has expired, by their latest report");
    private static readonly Gauge Quarantined = new("relay.nodes.quarantined", "{node}", "Nodes that keep a version in quarantine");
    private static readonly Gauge Refusals = new(
        "relay.nodes.refusals", "{refusal}", "Refusals of releases that nodes reported in this hour and the hour before, by reason");

    private static readonly string[] ReleaseStates = ["current", "candidate", "behind", "ahead", NoRelease];

    public string Part => "fleet";

    public IReadOnlyList<Gauge> Gauges { get; } = [Nodes, ByRelease, Silent, Stale, Quarantined, Refusals];

    public IEnumerable<Figure> Read()
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        RepositorySnapshot? snapshot = repository.ReadOrLast();
        using DbConnection connection = database.Open();
        using DbTransaction transaction = connection.BeginTransaction();
        (string Channel, long Release, NodeStanding Standing, long Nodes, long Stale, long Quarantined)[] counts = [.. connection
            .Query<(string Channel, long Release, long Standing, long Nodes, long Stale, long Quarantined)>(
                "SELECT channel, release, standing, nodes, stale, quarantined FROM fleet_counts", transaction: transaction)
            .Select(row => (row.Channel, row.Release, (NodeStanding)row.Standing, row.Nodes, row.Stale, row.Quarantined))];
        long silent = connection.ExecuteScalar<long>(
            "SELECT coalesce(sum(nodes), 0) FROM nodes_seen WHERE slot < @last",
            new { last = NodesSeenSchema.SlotOf(now.AddMinutes(-FleetView.SilentMinutes)) }, transaction);
        (string Reason, long Count)[] refusals = [.. connection.Query<(string, long)>(
            """
            SELECT reason, CAST(min(total(refusals), 9.2e18) AS INTEGER) FROM refusal_hours WHERE hour > @since GROUP BY reason
            """, new { since = UsageTable.HourOf(now.ToUnixTimeMilliseconds()) - RefusalHours }, transaction)];
        return
        [
            .. Enum.GetValues<NodeStanding>().Select(standing => Nodes.Measure(
                counts.Where(count => count.Standing == standing).Sum(count => count.Nodes), "standing", standing.ToString().ToLowerInvariant())),
            .. ReadChannels(snapshot, [.. counts.Select(count => (count.Channel, count.Release, count.Nodes))]),
            Silent.Measure(silent),
            Stale.Measure(counts.Sum(count => count.Stale)),
            Quarantined.Measure(counts.Sum(count => count.Quarantined)),
            .. refusals.Select(refusal => Refusals.Measure(refusal.Count, "reason", refusal.Reason)),
        ];
    }

    /// <summary>All states of each channel, zeros included: an alert compares them.</summary>
    private static IEnumerable<Figure> ReadChannels(RepositorySnapshot? snapshot, (string Channel, long Release, long Nodes)[] counts)
    {
        Dictionary<string, ChannelManifest> channels = (snapshot?.Channels.Values ?? [])
            .OrderBy(channel => channel.Channel, StringComparer.Ordinal)
            .Take(MaximumChannels)
            .ToDictionary(channel => channel.Channel, StringComparer.Ordinal);
        Dictionary<(string Channel, string State), long> nodes = channels.Keys
            .SelectMany(_ => ReleaseStates, (channel, state) => (channel, state))
            .ToDictionary(key => key, _ => 0L);
        foreach ((string channel, long release, long count) in counts)
        {
            (string, string) key = channels.TryGetValue(channel, out ChannelManifest? manifest)
                ? (channel, Compare(manifest, release))
                : (OtherChannels, NoRelease);
            nodes[key] = nodes.GetValueOrDefault(key) + count;
        }

        return nodes.Select(entry => ByRelease.Measure(entry.Value, "channel", entry.Key.Channel, "release", entry.Key.State));
    }

    private static string Compare(ChannelManifest channel, long release) =>
        release <= 0 ? NoRelease
        : release == channel.Release ? "current"
        : release == channel.Candidate?.Release ? "candidate"
        : release < channel.Release ? "behind"
        : "ahead";
}
