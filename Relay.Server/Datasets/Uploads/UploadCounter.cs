using System.Collections.Concurrent;
using Shared.Contracts.Api;

namespace Relay.Server.Datasets.Uploads;

/// <summary>Counts what became of the rows of all uploads since the relay started.</summary>
internal sealed class UploadCounter(TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<long, Totals> _totals = new();
    private readonly DateTimeOffset _since = timeProvider.GetUtcNow();

    public void Add(Dataset dataset, ReportBuilder report) => _totals.GetOrAdd(dataset.Id, _ => new Totals()).Add(report);

    public UploadTotals Read(Dataset dataset) => (_totals.GetValueOrDefault(dataset.Id) ?? new Totals()).Read(_since);

    private sealed class Totals
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<SampleFaultReason, long> _refused = [];
        private long _accepted;
        private long _duplicates;

        public void Add(ReportBuilder report)
        {
            lock (_lock)
            {
                _accepted += report.Accepted;
                _duplicates += report.Duplicates;
                foreach ((SampleFaultReason reason, long rows) in report.Refusals)
                {
                    _refused[reason] = _refused.GetValueOrDefault(reason) + rows;
                }
            }
        }

        public UploadTotals Read(DateTimeOffset since)
        {
            lock (_lock)
            {
                return new()
                {
                    Since = since,
                    Accepted = _accepted,
                    Duplicates = _duplicates,
                    Refused = _refused.Values.Sum(),
                    Refusals = [.. _refused.OrderByDescending(r => r.Value).ThenBy(r => r.Key).Select(r => new RefusalCount(r.Key, r.Value))],
                };
            }
        }
    }
}
