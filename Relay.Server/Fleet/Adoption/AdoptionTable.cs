using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Relay.Server.Fleet.Usage;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet.Adoption;

/// <summary>The rows of the history of nodes by release, inside one transaction. A row is written where the counts of a channel differ from those of
/// its last row, so that a fleet that stays as it is adds none.</summary>
internal sealed class AdoptionTable(DbConnection connection, DbTransaction? transaction)
{
    /// <summary>The name of the rows that count all nodes; no channel has it.</summary>
    public const string AllChannels = "*";

    // The releases of a row; the nodes of others count together.
    private const int MaximumReleases = 32;

    /// <summary>The channels whose counts differ from those of their last rows, with the new counts.</summary>
    public IReadOnlyList<(string Channel, string Releases)> FindChanges(IReadOnlyList<NodeCount> counts)
    {
        Dictionary<string, string> last = connection.Query<(string Channel, string Releases)>(
            """
            SELECT channel, releases FROM fleet_samples AS sample
            WHERE at = (SELECT max(at) FROM fleet_samples WHERE channel = sample.channel)
            """,
            transaction: transaction).ToDictionary(row => row.Channel, row => row.Releases, StringComparer.Ordinal);
        Dictionary<string, string> now = counts.Where(count => count.Channel.Length > 0).GroupBy(count => count.Channel, StringComparer.Ordinal)
            .Select(channel => (channel.Key, Text: ToJson(channel))).Append((Key: AllChannels, Text: ToJson(counts)))
            .ToDictionary(channel => channel.Key, channel => channel.Text, StringComparer.Ordinal);
        string none = ToJson([]);
        return [.. now.Keys.Union(last.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(channel => (channel, now.GetValueOrDefault(channel, none)))
            .Where(channel => channel.Item2 != last.GetValueOrDefault(channel.channel, none))];
    }

    /// <summary>Writes the counts of a time. Those of the same time are replaced.</summary>
    /// <param name="at">Milliseconds since 1970.</param>
    public void Write(IReadOnlyList<(string Channel, string Releases)> changes, long at)
    {
        foreach ((string channel, string releases) in changes)
        {
            connection.Execute(
                """
                INSERT INTO fleet_samples (channel, at, releases) VALUES (@channel, @at, @releases)
                ON CONFLICT (channel, at) DO UPDATE SET releases = excluded.releases
                """,
                new { channel, at, releases }, transaction);
        }
    }

    public IReadOnlyList<string> ListChannels() =>
        [.. connection.Query<string>("SELECT DISTINCT channel FROM fleet_samples ORDER BY channel", transaction: transaction)];

    /// <summary>Leaves of a channel the last row of each part of the time, the longer the older. Of what is older than all parts, the last row stays
    /// if it counts a node.</summary>
    /// <returns>The number of removed rows.</returns>
    public int Thin(string channel, long now)
    {
        int removed = 0;
        long newer = now;
        foreach ((TimeSpan age, TimeSpan part) in AdoptionRetention.Tiers)
        {
            long older = now - (long)age.TotalMilliseconds;
            removed += connection.Execute(
                """
                DELETE FROM fleet_samples WHERE channel = @channel AND at >= @older AND at < @newer AND EXISTS (
                    SELECT 1 FROM fleet_samples AS later
                    WHERE later.channel = @channel AND later.at > fleet_samples.at AND later.at < (fleet_samples.at / @part + 1) * @part)
                """,
                new { channel, older, newer, part = (long)part.TotalMilliseconds }, transaction);
            newer = older;
        }

        return removed + connection.Execute(
            """
            DELETE FROM fleet_samples WHERE channel = @channel AND at < @newer AND (
                releases = @none OR at < (SELECT max(at) FROM fleet_samples WHERE channel = @channel AND at < @newer))
            """,
            new { channel, newer, none = ToJson([]) }, transaction);
    }

    /// <summary>When the first row of a channel was written; null where it has none.</summary>
    public long? FindFirst(string channel) => connection.ExecuteScalar<long?>(
        "SELECT min(at) FROM fleet_samples WHERE channel = @channel", new { channel }, transaction);

    /// <summary>The rows of a channel up to a time, and the last one of before, the oldest first.</summary>
    public IEnumerable<(long At, string Releases)> Read(string channel, long from, long to) => connection.Query<(long, string)>(
        """
        SELECT at, releases FROM fleet_samples WHERE channel = @channel AND at <= @to
            AND at >= coalesce((SELECT max(at) FROM fleet_samples WHERE channel = @channel AND at <= @from), @from)
        ORDER BY at
        """,
        new { channel, from, to }, transaction);

    public static IReadOnlyList<FleetAdoptionRelease> Parse(string releases) =>
        JsonSerializer.Deserialize(releases, AdoptionJson.Default.FleetAdoptionReleaseArray) ?? [];

    private static string ToJson(IEnumerable<NodeCount> counts)
    {
        FleetAdoptionRelease[] releases =
        [
            .. counts.GroupBy(count => count.Release < 0 ? (int?)null : count.Release)
                .Select(release => new FleetAdoptionRelease(release.Key, release.Sum(count => count.Nodes)))
                .Where(release => release.Nodes > 0)
                .OrderBy(release => release.Release is null).ThenByDescending(release => release.Nodes).ThenByDescending(release => release.Release),
        ];
        long others = releases.Skip(MaximumReleases).Concat(releases.Take(MaximumReleases).Where(release => release.Release is null))
            .Sum(release => release.Nodes);
        return JsonSerializer.Serialize(
            [
                .. releases.Take(MaximumReleases).Where(release => release.Release is not null).OrderBy(release => release.Release),
                .. others > 0 ? (FleetAdoptionRelease[])[new(null, others)] : [],
            ],
            AdoptionJson.Default.FleetAdoptionReleaseArray);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FleetAdoptionRelease[]))]
internal sealed partial class AdoptionJson : JsonSerializerContext;
