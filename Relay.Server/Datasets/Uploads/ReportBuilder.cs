using Relay.Server.Datasets.Samples;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets.Uploads;

/// <summary>Counts what became of the rows of an upload.</summary>
internal sealed class ReportBuilder
{
    private readonly List<SampleFault> _faults = [];
    private readonly Dictionary<SampleFaultReason, long> _refused = [];
    private long _conflicts;
    private long _waiting;

    public long Accepted { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>Rows that were refused, by the reason.</summary>
    public IReadOnlyDictionary<SampleFaultReason, long> Refusals => _refused;

    /// <param name="column">The column that a refusal is about.</param>
    public void Add(long line, RowOutcome outcome, string? column)
    {
        if (outcome.Refusal is { } reason)
        {
            Add(new SampleFault(line, reason, outcome.Detail!, column));
            return;
        }

        Accepted += outcome.IsNew ? 1 : 0;
        Duplicates += outcome.IsNew ? 0 : 1;
        _conflicts += outcome.IsConflict ? 1 : 0;
        _waiting += outcome.IsWaiting ? 1 : 0;
    }

    public void Add(SampleFault fault)
    {
        _refused[fault.Reason] = _refused.GetValueOrDefault(fault.Reason) + 1;
        if (_faults.Count < SampleBounds.Faults)
        {
            _faults.Add(fault);
        }
    }

    /// <param name="stopped">Why the rest was not read; null where all of it was.</param>
    public UploadReport Build(long position, string? stopped) => new()
    {
        Accepted = Accepted,
        Duplicates = Duplicates,
        Refused = _refused.Values.Sum(),
        Conflicts = _conflicts,
        Waiting = _waiting,
        Faults = [.. _faults.OrderBy(fault => fault.Line)],
        Stopped = stopped,
        Position = position,
    };
}
