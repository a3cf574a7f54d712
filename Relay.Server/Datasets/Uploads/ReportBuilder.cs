using Relay.Server.Datasets.Samples;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets.Uploads;

/// <summary>Counts what became of the rows of an upload.</summary>
internal sealed class ReportBuilder
{
    private readonly List<SampleFault> _faults = [];
    private long _accepted;
    private long _duplicates;
    private long _refused;
    private long _conflicts;
    private long _waiting;

    /// <param name="column">The column that a refusal is about.</param>
    public void Add(long line, RowOutcome outcome, string? column)
    {
        if (outcome.Refusal is { } reason)
        {
            Add(new SampleFault(line, reason, outcome.Detail!, column));
            return;
        }

        _accepted += outcome.IsNew ? 1 : 0;
        _duplicates += outcome.IsNew ? 0 : 1;
        _conflicts += outcome.IsConflict ? 1 : 0;
        _waiting += outcome.IsWaiting ? 1 : 0;
    }

    public void Add(SampleFault fault)
    {
        _refused++;
        if (_faults.Count < SampleBounds.Faults)
        {
            _faults.Add(fault);
        }
    }

    /// <param name="stopped">Why the rest was not read; null where all of it was.</param>
    public UploadReport Build(long position, string? stopped) => new()
    {
        Accepted = _accepted,
        Duplicates = _duplicates,
        Refused = _refused,
        Conflicts = _conflicts,
        Waiting = _waiting,
        Faults = [.. _faults.OrderBy(fault => fault.Line)],
        Stopped = stopped,
        Position = position,
    };
}
