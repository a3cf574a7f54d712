using System.Data.Common;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets.Samples;

/// <summary>Adds samples and labels of one source within one transaction; <see cref="Complete"/> writes the sums.</summary>
internal sealed class SampleWriter
{
    /// <summary>Labels that a dataset holds before those of nodes no longer wait, for each sample that it keeps.</summary>
    private const int LabelsPerSample = 2;

    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;
    private readonly DatasetSpec _spec;
    private readonly SampleSource _source;
    private readonly AddressHasher _hasher;
    private readonly long _now;
    private readonly SampleState _state;
    private readonly SourceState _sums;
    private readonly bool _hasForgotten;
    private readonly SampleRows _rows;

    public SampleWriter(
        DbConnection connection, DbTransaction transaction, DatasetSpec spec, SampleSource source, AddressHasher hasher, DateTimeOffset now)
    {
        (_connection, _transaction, _spec, _source, _hasher) = (connection, transaction, spec, source, hasher);
        _now = now.ToUnixTimeMilliseconds();
        _state = SampleState.Read(connection, transaction);
        _sums = SourceState.ReadOrAdd(connection, transaction, source.Name, now.ToUnixTimeSeconds() / (24 * 60 * 60));
        _hasForgotten = _state.Forgotten > 0;
        _rows = SampleRows.Create(connection, transaction);
    }

    public long Position => _state.Position;

    /// <summary>Says which samples the rows are about that follow.</summary>
    public void Expect(IReadOnlyCollection<string> ids) => _rows.Expect(ids, _hasForgotten ? [.. ids.Select(_hasher.Mark)] : []);

    /// <param name="label">The label that came with the sample; null for none.</param>
    public RowOutcome AddSample(string id, byte[] cells, string? label)
    {
        if (_rows.FindSample(id) is { } there)
        {
            if (!there.Cells.AsSpan().SequenceEqual(cells))
            {
                return RowOutcome.Refused(SampleFaultReason.IdTaken, "another sample has this id");
            }

            // The label that it came with is no new vote: a later one of its source stays the last.
            return label is null || (there.Source == _sums.Number && there.Label == label) ? RowOutcome.Duplicate : AddLabel(id, label);
        }

        if ((FindForgotten(id) ?? FindQuotaRefusal()) is { } refused)
        {
            return refused;
        }

        if (_state.Rows >= _spec.Limits.MaxRows)
        {
            return RowOutcome.Refused(SampleFaultReason.DatasetFull, $"the dataset keeps {_spec.Limits.MaxRows} samples");
        }

        if (_source.IsNode && _sums.Rows >= NodeLimit)
        {
            return RowOutcome.Refused(
                SampleFaultReason.NodeShare, $"the node holds {_sums.Rows} samples: {_spec.Limits.NodeShare} of what the dataset keeps");
        }

        bool isConflict = label is not null && _rows.FindLabels(id).Any(waiting => waiting.Label != label);
        _rows.Add(id, new StoredSample(++_state.Position, _sums.Number, label, cells), _now, isConflict);
        _state.Rows++;
        _state.Labels += label is null ? 0 : 1;
        _state.Conflicts += isConflict ? 1 : 0;
        _sums.Labels += label is null ? 0 : 1;
        _sums.Rows++;
        _sums.Used++;
        return RowOutcome.Accepted with { IsConflict = isConflict };
    }

    public RowOutcome AddLabel(string id, string label)
    {
        StoredSample? sample = _rows.FindSample(id);
        if (sample is null && FindForgotten(id) is { } forgotten)
        {
            return forgotten;
        }

        if (_source.IsNode && sample is not null && sample.Source != _sums.Number)
        {
            return RowOutcome.Refused(SampleFaultReason.NotOwner, "the sample is another node's: its sender labels it, or an API key");
        }

        IReadOnlyList<StoredLabel> given = _rows.FindLabels(id);
        StoredLabel[] own = [.. given.Where(one => one.Source == _sums.Number)];
        own = sample is { Label: { } first } && sample.Source == _sums.Number
            ? [.. own.Append(new(sample.Position, sample.Source, first)).OrderBy(one => one.Position)]
            : own;
        if (own.LastOrDefault()?.Label == label)
        {
            return RowOutcome.Duplicate;
        }

        // How many nodes gave labels is no bound for the holder of a key.
        if (own.Length >= SampleBounds.LabelChanges || (_source.IsNode && given.Count >= SampleBounds.LabelChanges * SampleBounds.LabelChanges))
        {
            return RowOutcome.Refused(
                SampleFaultReason.TooManyLabels, $"{own.Length} labels of this source and {given.Count} of all for one sample");
        }

        if ((FindQuotaRefusal() ?? (sample is null ? FindWaitingRefusal() : null)) is { } spent)
        {
            return spent;
        }

        bool isConflict = (sample?.Label is { } came && came != label) || given.Any(other => other.Label != label);
        _rows.Add(id, new StoredLabel(++_state.Position, _sums.Number, label), _now, isConflict);
        _state.Labels++;
        _state.Conflicts += isConflict ? 1 : 0;
        _sums.Labels++;
        _sums.Used++;
        return RowOutcome.Accepted with { IsConflict = isConflict, IsWaiting = sample is null };
    }

    public void Complete()
    {
        _rows.Complete();
        _state.Write(_connection, _transaction);
        _sums.Write(_connection, _transaction);
    }

    private double NodeLimit => Math.Max(1, _spec.Limits.NodeShare * _spec.Limits.MaxRows);

    private RowOutcome? FindForgotten(string id) => _hasForgotten && _rows.IsForgotten(_hasher.Mark(id))
        ? RowOutcome.Refused(SampleFaultReason.Forgotten, "the sample was deleted on request, and is not taken again")
        : null;

    // A node can invent ids for which no sample ever comes.
    private RowOutcome? FindWaitingRefusal() => !_source.IsNode ? null
        : _sums.Labels >= NodeLimit ? RowOutcome.Refused(
            SampleFaultReason.NodeShare, $"the node holds {_sums.Labels} labels: a further one does not wait for its sample")
        : _state.Labels >= (long)LabelsPerSample * _spec.Limits.MaxRows ? RowOutcome.Refused(
            SampleFaultReason.DatasetFull, $"the dataset holds {_state.Labels} labels: a further one does not wait for its sample")
        : null;

    private RowOutcome? FindQuotaRefusal() => _source.IsNode && _sums.Used >= _spec.Limits.RowsPerNodeAndDay
        ? RowOutcome.Refused(
            SampleFaultReason.NodeQuota, $"the node has added {_sums.Used} samples and labels today: it may go on tomorrow (UTC)")
        : null;
}
