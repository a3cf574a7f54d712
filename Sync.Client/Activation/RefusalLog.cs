using Shared.Contracts.Api;
using Shared.Contracts.Trust;

namespace Sync.Client.Activation;

/// <summary>The last refusals, for people and for the next check-in. A refusal that repeats at every poll is one.</summary>
internal sealed class RefusalLog(TimeProvider time)
{
    private const int Kept = 50;
    private readonly Lock _gate = new();
    private readonly Queue<RefusalReport> _recent = [];
    private readonly List<RefusalReport> _unreported = [];
    private Refusal? _last;

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

    /// <summary>The report of a refusal that is new; null for the one that was there at the last attempt.</summary>
    public RefusalReport? Add(Refusal refusal)
    {
        lock (_gate)
        {
            if (_last is { } last && last.Reason == refusal.Reason && last.Subject == refusal.Subject)
            {
                return null;
            }

            _last = refusal;
            RefusalReport report = new(refusal.Reason.ToString(), refusal.Subject, refusal.Detail, time.GetUtcNow());
            Bound(_recent, report);
            _unreported.Add(report);
            if (_unreported.Count > Kept)
            {
                _unreported.RemoveAt(0);
            }

            return report;
        }
    }

    /// <summary>An attempt went well: the same refusal is news again afterwards.</summary>
    public void Succeeded()
    {
        lock (_gate)
        {
            _last = null;
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
