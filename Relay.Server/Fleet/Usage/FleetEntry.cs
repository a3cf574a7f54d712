using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Server.Repository;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Reports;

namespace Relay.Server.Fleet.Usage;

/// <summary>What a report adds to the counts of the fleet. Reports come from the network: channels, releases and versions that this relay does not
/// have are left out, so that no made-up name has a row.</summary>
/// <param name="State">What the node counts for until its next report, as JSON; triggers of the database keep the counts.</param>
/// <param name="Windows">Their versions are known ones.</param>
/// <param name="Refusals">Of a node that sends no windows: refusals since its last report, by reason.</param>
internal sealed record FleetEntry(string State, Cohort Cohort, IReadOnlyList<UsageWindow> Windows, IReadOnlyDictionary<string, long> Refusals)
{
    /// <summary>The reasons that this relay does not know, as one.</summary>
    public const string OtherReason = "other";

    private static readonly HashSet<string> Reasons = [.. Enum.GetNames<RefusalReason>()];

    public static FleetEntry Create(CheckIn report, bool isSigned, RepositorySnapshot snapshot)
    {
        ChannelManifest? channel = snapshot.Channels.GetValueOrDefault(report.Channel);
        NodeCounts state = new(
            channel is null ? "" : report.Channel,
            report.Release == 0 || snapshot.Releases.ContainsKey(report.Release) ? report.Release : -1,
            report.Stale ? 1 : 0,
            report.Quarantine.Count > 0 ? 1 : 0,
            [.. report.Models.Select(m => new NodeVersion(m.Name, m.Version)).Where(m => IsKnown(report.Release, m)).Distinct()]);
        return new FleetEntry(
            JsonSerializer.Serialize(state, NodeCountsJson.Default.NodeCounts),
            Cohorts.Find(channel, report.Node, isSigned),
            [.. (report.Windows ?? []).Select(w => w with
            {
                Versions = [.. w.Versions.Where(v => IsKnown(v.Release, new NodeVersion(v.Model, v.Version)))],
                Refusals = Known(w.Refusals ?? new Dictionary<string, long>()),
            })],
            report.Windows is null
                ? Known(report.Refusals.GroupBy(r => r.Reason, StringComparer.Ordinal).ToDictionary(g => g.Key, g => (long)g.Count()))
                : new Dictionary<string, long>());

        bool IsKnown(int release, NodeVersion version) =>
            snapshot.Releases.TryGetValue(release, out ReleaseManifest? manifest)
            && manifest.Models.Any(m => m.Name == version.Model && m.Version == version.Version);
    }

    private static Dictionary<string, long> Known(IReadOnlyDictionary<string, long> refusals)
    {
        Dictionary<string, long> known = new(StringComparer.Ordinal);
        foreach ((string reason, long count) in refusals)
        {
            string name = Reasons.Contains(reason) ? reason : OtherReason;
            known[name] = Math.Min(known.GetValueOrDefault(name) + count, UsageBounds.Count);
        }

        return known;
    }
}

/// <summary>What a node counts for. Its text is compared, and read by triggers of the database: members and their order stay.</summary>
/// <param name="Channel">Empty for an unknown one.</param>
/// <param name="Release">0 before the first; -1 for an unknown one.</param>
internal sealed record NodeCounts(string Channel, int Release, int Stale, int Quarantined, IReadOnlyList<NodeVersion> Models);

internal sealed record NodeVersion(string Model, int Version)
{
    /// <summary>The versions that a node runs, each once and in order: a text that changes when they do.</summary>
    public static string ToJson(IEnumerable<ActiveModel> models) => JsonSerializer.Serialize(
        [.. models.Select(model => new NodeVersion(model.Name, model.Version)).Distinct()
            .OrderBy(known => known.Model, StringComparer.Ordinal).ThenBy(known => known.Version)],
        NodeCountsJson.Default.NodeVersionArray);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeCounts))]
[JsonSerializable(typeof(NodeVersion[]))]
internal sealed partial class NodeCountsJson : JsonSerializerContext;
