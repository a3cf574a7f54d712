using Relay.Server.Fleet;
using Relay.Server.Fleet.Intervals;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.History;

/// <summary>Answers what a node ran at a time. It tells what reports say, and nothing between them that they do not.</summary>
internal sealed class NodeHistory(IntervalStore intervals, ReportBeliefs beliefs, TimeProvider timeProvider)
{
    /// <returns>Null for a node of which nothing is kept.</returns>
    public async Task<NodeHistoryAnswer?> AnswerAsync(string node, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (Find(node, at) is not { } moment)
        {
            return null;
        }

        (NodeHistoryStanding standing, string detail) = Judge(node, at, moment);
        return new NodeHistoryAnswer(node, at, standing.ToString(), detail)
        {
            Before = await ToViewAsync(moment.Before, cancellationToken),
            After = await ToViewAsync(moment.After, cancellationToken),
            KeptSince = Instant.FromMilliseconds(intervals.KeptSince),
        };
    }

    private async Task<NodeHistoryReport?> ToViewAsync(KnownReport? report, CancellationToken cancellationToken) =>
        report?.ToView(await beliefs.ExplainAsync(report, cancellationToken));

    private Moment? Find(string node, DateTimeOffset at)
    {
        long instant = at.ToUnixTimeMilliseconds();
        StoredInterval? begun = intervals.FindBegun(node, instant);
        StoredInterval? next = intervals.FindNext(node, instant);
        byte[]? key = intervals.FindKey(node);
        List<KnownReport> known =
        [
            .. Reports(begun), .. Reports(next),
            .. intervals.ReadLatest(node).Select(stored => KnownReport.Create(node, stored, key)),
        ];
        return known.Count == 0 && begun is null && next is null ? null : new Moment(
            begun, next,
            known.Where(report => report.SeenAtMilliseconds <= instant).MaxBy(report => report.SeenAtMilliseconds),
            known.Where(report => report.SeenAtMilliseconds > instant).MinBy(report => report.SeenAtMilliseconds));

        IEnumerable<KnownReport> Reports(StoredInterval? interval) => interval is null
            ? []
            : intervals.ReadReports(interval.Id).Select(stored => KnownReport.Create(node, stored, interval.PublicKey));
    }

    private (NodeHistoryStanding Standing, string Detail) Judge(string node, DateTimeOffset at, Moment moment)
    {
        long instant = at.ToUnixTimeMilliseconds();
        (StoredInterval? begun, KnownReport? before, KnownReport? after) = (moment.Begun, moment.Before, moment.After);
        bool isInside = begun is not null && instant <= begun.ToAt;
        string removed = begun?.RemovedAt is { } removedAt ? $" An operator removed the node at {Instant.FromMilliseconds(removedAt):u}." : "";
        if (at > timeProvider.GetUtcNow())
        {
            return (NodeHistoryStanding.Future, $"{at:u} has not come: the relay's clock shows {timeProvider.GetUtcNow():u}.");
        }

        if (before is not null && before.SeenAtMilliseconds == instant)
        {
            return Ran(before, last: null);
        }

        bool isClose = moment.To - moment.From <= NodeLimits.Silence.TotalMilliseconds;
        if (isClose && !moment.IsCrowded)
        {
            return before!.State == after!.State ? Ran(before, after)
                : (
                    NodeHistoryStanding.Changed,
                    $"Between {before.SeenAt:u} and {after.SeenAt:u} {node} changed from {Describe(before)} to {Describe(after)}; "
                        + $"no report says when.{removed}");
        }

        if (isClose || (isInside && begun!.IsCrowded))
        {
            return (NodeHistoryStanding.Crowded, $"{node} changed more often around {at:u} than the relay keeps: no report of this time is left.");
        }

        if (isInside && before is not null)
        {
            return Ran(before, after);
        }

        if (moment.From is null)
        {
            return (NodeHistoryStanding.BeforeFirst, after is null
                ? $"No report of {node} of {at:u} or before is kept."
                : $"The first report of {node} that is kept is of {after.SeenAt:u}: nothing says what it ran at {at:u}.");
        }

        string from = Name(before, moment.LostBefore);
        string nothing = $"nothing says what it ran at {at:u}.{removed}";
        return moment.To is null
            ? (NodeHistoryStanding.AfterLast, $"The latest report of {node} is of {from}: {nothing}")
            : (NodeHistoryStanding.Gap, $"{node} did not report between {from}, and {Name(after, moment.LostAfter)}: {nothing}");

        static string Name(KnownReport? report, long? lost) => lost is { } seenAt
            ? $"{Instant.FromMilliseconds(seenAt):u}, of which no report is kept"
            : $"{report!.SeenAt:u}, with {Describe(report)}";

        (NodeHistoryStanding, string) Ran(KnownReport first, KnownReport? last) => (
            NodeHistoryStanding.Ran,
            $"At {at:u} {node} ran {Describe(first)}: "
                + (last is null
                    ? $"its report of {first.SeenAt:u} says so."
                    : $"its reports of {first.SeenAt:u} and {last.SeenAt:u} say so, and so did all between them.")
                + (new[] { first, last }.All(report => report is null || report.Proof?.Holds == true)
                    ? ""
                    : " Not all of it is proved: a report is not signed by the node's key."));
    }

    private static string Describe(KnownReport report) => HistoryText.Describe(report.CheckIn);

    /// <summary>A time between two reports.</summary>
    /// <param name="Begun">The last interval that had begun.</param>
    /// <param name="Next">The one after it.</param>
    private sealed record Moment(StoredInterval? Begun, StoredInterval? Next, KnownReport? Before, KnownReport? After)
    {
        /// <summary>When the last report before the time came, where it is not kept.</summary>
        public long? LostBefore => Begun is { IsCrowded: true } && Before is null ? Begun.ToAt : null;

        /// <summary>When the first report after the time came, where it is not kept, though later ones may be.</summary>
        public long? LostAfter => Next is { IsCrowded: true } && !(After?.SeenAtMilliseconds <= Next.FromAt) ? Next.FromAt : null;

        public bool IsCrowded => (LostBefore ?? LostAfter) is not null;

        public long? From => LostBefore ?? Before?.SeenAtMilliseconds;

        public long? To => LostAfter ?? After?.SeenAtMilliseconds;
    }
}
