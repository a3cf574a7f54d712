using System.Globalization;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Intervals;
using Relay.Server.Http;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.History;

/// <summary>Lists what a node ran, the newest first, with the gaps that no report fills.</summary>
internal sealed class NodeIntervals(IntervalStore intervals, TimeProvider timeProvider)
{
    /// <returns>Null for a node of which nothing is kept.</returns>
    public Page<NodeIntervalView>? List(string node, long? cursor, int? limit)
    {
        int size = Paging.Limit(limit);
        IReadOnlyList<StoredInterval> found = intervals.List(node, cursor, size + 1);
        List<NodeIntervalView> items = [];
        StoredInterval? newer = null;
        foreach (StoredInterval interval in found.Take(size))
        {
            // The first of a later page: what came after it is on the page before.
            newer ??= cursor is null ? null : intervals.FindNext(node, interval.FromAt);
            AddGap(items, interval.ToAt, newer?.FromAt);
            items.Add(ToView(node, interval));
            newer = interval;
        }

        if (found.Count <= size)
        {
            AddBefore(items, node, newer?.FromAt);
        }

        return items.Count == 0 && cursor is null && intervals.FindKey(node) is null
            ? null
            : new Page<NodeIntervalView>(items, found.Count > size ? found[size - 1].Id.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>Adds what the latest reports say of the time before the first interval: reports of a node that had not enrolled.</summary>
    private void AddBefore(List<NodeIntervalView> items, string node, long? first)
    {
        byte[]? key = intervals.FindKey(node);
        List<List<KnownReport>> groups = [];
        IEnumerable<StoredReport> latest = intervals.ReadLatest(node).Where(stored => first is null || stored.SeenAt < first);
        foreach (KnownReport report in latest.Select(stored => KnownReport.Create(node, stored, key)))
        {
            if (groups is [.., [.., var last]] && last.State == report.State && report.SeenAt - last.SeenAt <= NodeLimits.Silence)
            {
                groups[^1].Add(report);
            }
            else
            {
                groups.Add([report]);
            }
        }

        long? newer = first;
        foreach (List<KnownReport> group in Enumerable.Reverse(groups))
        {
            AddGap(items, group[^1].SeenAtMilliseconds, newer);
            items.Add(Describe(NodeIntervalKind.Ran, group[0], group[^1].SeenAt));
            newer = group[0].SeenAtMilliseconds;
        }
    }

    private void AddGap(List<NodeIntervalView> items, long from, long? to)
    {
        if ((to ?? Instant.Now(timeProvider)) - from > NodeLimits.Silence.TotalMilliseconds)
        {
            items.Add(new NodeIntervalView(nameof(NodeIntervalKind.Gap), Instant.FromMilliseconds(from), Instant.FromMilliseconds(to)));
        }
    }

    private NodeIntervalView ToView(string node, StoredInterval interval)
    {
        DateTimeOffset to = Instant.FromMilliseconds(interval.ToAt);
        DateTimeOffset? removedAt = Instant.FromMilliseconds(interval.RemovedAt);
        return interval.IsCrowded || intervals.ReadReports(interval.Id) is not [var first, ..]
            ? new NodeIntervalView(nameof(NodeIntervalKind.Crowded), Instant.FromMilliseconds(interval.FromAt), to) { RemovedAt = removedAt }
            : Describe(NodeIntervalKind.Ran, KnownReport.Create(node, first, interval.PublicKey), to) with { RemovedAt = removedAt };
    }

    private static NodeIntervalView Describe(NodeIntervalKind kind, KnownReport first, DateTimeOffset to) => new(kind.ToString(), first.SeenAt, to)
    {
        Channel = first.CheckIn.Channel,
        Release = first.CheckIn.Release,
        Models = [.. first.CheckIn.Models.Select(model => new NodeHistoryModel(model.Name, model.Version, model.Sha256))],
        Steering = first.CheckIn.Steering,
        Stale = first.CheckIn.Stale,
        Signed = first.Proof?.Holds == true,
    };
}
