using Shared.Contracts;
using Shared.Contracts.Api;

namespace Sync.Client.Reports;

/// <summary>The refusals that hold at this moment, the last 50, and those for the next check-in. A refusal begins once and ends once: one that
/// repeats at every poll counts once, also where the relay and each mirror have one of their own, and it ends with the first attempt that
/// gets past it.</summary>
internal sealed class RefusalLog(TimeProvider timeProvider)
{
    private const int Kept = 50;
    private readonly Lock _gate = new();
    private readonly Queue<RefusalReport> _recent = [];
    private readonly List<RefusalReport> _unreported = [];
    private readonly List<CurrentRefusal> _current = [];
    private readonly HashSet<(RefusalReason, string)> _seen = [];
    private Dictionary<string, long> _begun = new(StringComparer.Ordinal);

    public IReadOnlyList<RefusalReport> Current
    {
        get
        {
            lock (_gate)
            {
                return [.. _current.Select(c => c.Report)];
            }
        }
    }

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

    /// <summary>Returns the report of a refusal that begins; null for one that holds already.</summary>
    public RefusalReport? Add(Refusal refusal)
    {
        lock (_gate)
        {
            _seen.Add((refusal.Reason, refusal.Subject));
            if (_current.Exists(c => c.Reason == refusal.Reason && c.Report.Subject == refusal.Subject))
            {
                return null;
            }

            RefusalReport report = new(refusal.Reason.ToString(), refusal.Subject, refusal.Detail, timeProvider.GetUtcNow());
            _begun[report.Reason] = _begun.GetValueOrDefault(report.Reason) + 1;
            _current.Add(new CurrentRefusal(refusal.Reason, report, timeProvider.GetTimestamp()));
            _recent.Enqueue(report);
            _unreported.Add(report);
            if (_current.Count > Kept)
            {
                _current.RemoveAt(0);
            }

            if (_recent.Count > Kept)
            {
                _recent.Dequeue();
            }

            if (_unreported.Count > Kept)
            {
                _unreported.RemoveAt(0);
            }

            return report;
        }
    }

    /// <summary>The refusals that began since the last call, by reason.</summary>
    public IReadOnlyDictionary<string, long> TakeBegun()
    {
        lock (_gate)
        {
            Dictionary<string, long> taken = _begun;
            _begun = new(StringComparer.Ordinal);
            return taken;
        }
    }

    /// <summary>Begins an attempt: what it does not refuse again may end with it.</summary>
    public void BeginAttempt()
    {
        lock (_gate)
        {
            _seen.Clear();
        }
    }

    /// <summary>Ends an attempt, and with it the refusals that it did not have although it got as far. Returns them with the time for which
    /// they held.</summary>
    /// <param name="result">The refusal that ended the attempt early; null where it got through.</param>
    public IReadOnlyList<(RefusalReport Report, TimeSpan Length)> EndAttempt(Refusal? result)
    {
        lock (_gate)
        {
            CurrentRefusal[] ended =
            [
                .. _current.Where(c => !_seen.Contains((c.Reason, c.Report.Subject))
                    && (result is null || UpdateStage.For(c.Reason) <= UpdateStage.For(result.Reason))),
            ];
            _current.RemoveAll(ended.Contains);
            return [.. ended.Select(e => (e.Report, timeProvider.GetElapsedTime(e.Since)))];
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

    private sealed record CurrentRefusal(RefusalReason Reason, RefusalReport Report, long Since);
}
