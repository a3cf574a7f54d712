using System.Collections.Immutable;
using System.Data.Common;
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
    /// <summary>The first ones by name are series of their own, the others are one together.</summary>
    public const int MaximumChannels = 100;

    /// <summary>Nodes of further channels, and of channels that this relay does not have. No channel has such a name.</summary>
    public const string OtherChannels = "(other)";

    private const int RefusalHours = 2;
    private const string NoRelease = "none";

    private static readonly Gauge Nodes = new("relay.nodes", "{node}", "Nodes that the relay knows, by standing");
    private static readonly Gauge ByRelease = new(
        "relay.channel.nodes", "{node}", "Nodes by channel, and by what they run compared with the channel: current, candidate, behind, ahead, none");
    private static readonly Gauge Silent = new("relay.nodes.silent", "{node}", "Nodes without a report for an hour, without banned ones");
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
        IReadOnlyDictionary<string, ChannelManifest> channels =
            repository.ReadOrLast()?.Channels ?? ImmutableDictionary<string, ChannelManifest>.Empty;
        using DbConnection connection = database.Open();
        using DbTransaction transaction = RelayDatabase.BeginRead(connection);
        FleetCounts counts = new(connection, transaction);
        IReadOnlyList<NodeCount> nodes = counts.ReadNodes();
        return
        [
            .. Enum.GetValues<NodeStanding>().Select(standing => Nodes.Measure(
                nodes.Where(count => count.Standing == standing).Sum(count => count.Nodes), "standing", standing.ToString().ToLowerInvariant())),
            .. MeasureChannels(channels, nodes),
            Silent.Measure(counts.CountSilent(now)),
            Stale.Measure(nodes.Sum(count => count.Stale)),
            Quarantined.Measure(nodes.Sum(count => count.Quarantined)),
            .. counts.ReadRefusals(now, RefusalHours).Append(new FleetRefusals(FleetEntry.OtherReason, 0)).DistinctBy(refusal => refusal.Reason)
                .Select(refusal => Refusals.Measure(refusal.Count, "reason", refusal.Reason)),
        ];
    }

    /// <summary>All states of each channel, zeros included: an alert compares them.</summary>
    internal static IEnumerable<Figure> MeasureChannels(IReadOnlyDictionary<string, ChannelManifest> channels, IEnumerable<NodeCount> counts)
    {
        HashSet<string> named = [.. channels.Keys.Order(StringComparer.Ordinal).Take(MaximumChannels)];
        Dictionary<(string Channel, string State), long> nodes = named.Append(OtherChannels)
            .SelectMany(_ => ReleaseStates, (channel, state) => (channel, state))
            .ToDictionary(key => key, _ => 0L);
        foreach (NodeCount count in counts)
        {
            string state = channels.TryGetValue(count.Channel, out ChannelManifest? manifest) ? Compare(manifest, count.Release) : NoRelease;
            nodes[(named.Contains(count.Channel) ? count.Channel : OtherChannels, state)] += count.Nodes;
        }

        return nodes.Select(entry => ByRelease.Measure(entry.Value, "channel", entry.Key.Channel, "release", entry.Key.State));
    }

    private static string Compare(ChannelManifest channel, int release) =>
        release <= 0 ? NoRelease
        : release == channel.Release ? "current"
        : release == channel.Candidate?.Release ? "candidate"
        : release < channel.Release ? "behind"
        : "ahead";
}
