using Shared.Contracts;
using Shared.Contracts.Api;

namespace Sync.Client.Reports;

/// <summary>The last refusals, for people and for the next check-in. A refusal that repeats at every poll is one, also where the relay
/// and each mirror have their own.</summary>
internal sealed class RefusalLog(TimeProvider timeProvider)
{
    private const int Kept = 50;
    private readonly Lock _gate = new();
    private readonly Queue<RefusalReport> _recent = [];
    private readonly List<RefusalReport> _unreported = [];
    private HashSet<(RefusalReason, string)> _before = [];
    private HashSet<(RefusalReason, string)> _now = [];

    public IReadOnlyList<RefusalReport> Recent
    {
        get
        {
            lock (_gate)
            {
                return [.. _recent];
            }
        }
    }

    public IReadOnlyList<RefusalReport> Unreported
    {
        get
        {
            lock (_gate)
            {
                return [.. _unreported];
            }
        }
    }

    /// <summary>The report of a refusal that is new; null for one that was there in this attempt or the one before.</summary>
    public RefusalReport? Add(Refusal refusal)
    {
        lock (_gate)
        {
            bool again = _before.Contains((refusal.Reason, refusal.Subject));
            if (!_now.Add((refusal.Reason, refusal.Subject)) || again)
            {
                return null;
            }

            RefusalReport report = new(refusal.Reason.ToString(), refusal.Subject, refusal.Detail, timeProvider.GetUtcNow());
            Bound(_recent, report);
            _unreported.Add(report);
            if (_unreported.Count > Kept)
            {
                _unreported.RemoveAt(0);
            }

            return report;
        }
    }

    /// <summary>What this attempt did not refuse is news when it is refused again.</summary>
    public void EndAttempt()
    {
        lock (_gate)
        {
            (_before, _now) = (_now, []);
        }
    }

    public void Reported(IReadOnlyList<RefusalReport> reports)
    {
        lock (_gate)
        {
            _unreported.RemoveAll(reports.Contains);
        }
    }

    private static void Bound(Queue<RefusalReport> queue, RefusalReport report)
    {
        queue.Enqueue(report);
        if (queue.Count > Kept)
        {
            queue.Dequeue();
        }
    }
}
