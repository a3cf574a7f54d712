using Shared.Contracts;
using Shared.Contracts.Api;

namespace Sync.Client.Reports;

/// <summary>The last 50 refusals, for the status and for the next check-in. A refusal that repeats at every poll counts once, also where
/// the relay and each mirror have one of their own.</summary>
internal sealed class RefusalLog(TimeProvider timeProvider)
{
    private const int Kept = 50;
    private readonly Lock _gate = new();
    private readonly Queue<RefusalReport> _recent = [];
    private readonly List<RefusalReport> _unreported = [];
    private HashSet<(RefusalReason, string)> _previous = [];
    private HashSet<(RefusalReason, string)> _current = [];

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

    /// <summary>Returns the report of a new refusal; null for one that this attempt or the one before had already.</summary>
    public RefusalReport? Add(Refusal refusal)
    {
        lock (_gate)
        {
            bool isRepeated = _previous.Contains((refusal.Reason, refusal.Subject));
            if (!_current.Add((refusal.Reason, refusal.Subject)) || isRepeated)
            {
                return null;
            }

            RefusalReport report = new(refusal.Reason.ToString(), refusal.Subject, refusal.Detail, timeProvider.GetUtcNow());
            AddBounded(_recent, report);
            _unreported.Add(report);
            if (_unreported.Count > Kept)
            {
                _unreported.RemoveAt(0);
            }

            return report;
        }
    }

    /// <summary>Ends an attempt: a refusal that it did not have is new when it comes again.</summary>
    public void EndAttempt()
    {
        lock (_gate)
        {
            (_previous, _current) = (_current, []);
        }
    }

    /// <summary>Forgets reports that the relay has accepted.</summary>
    public void RemoveReported(IReadOnlyList<RefusalReport> reports)
    {
        lock (_gate)
        {
            _unreported.RemoveAll(reports.Contains);
        }
    }

    private static void AddBounded(Queue<RefusalReport> queue, RefusalReport report)
    {
        queue.Enqueue(report);
        if (queue.Count > Kept)
        {
            queue.Dequeue();
        }
    }
}
