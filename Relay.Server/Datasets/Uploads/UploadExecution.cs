using System.Data.Common;
using Relay.Server.Datasets.Samples;
using Relay.Server.Storage;
using Relay.Training;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets.Uploads;

/// <summary>Adds the rows of one upload to a dataset, some thousand in each transaction: a kill in between loses none that was committed, and to send
/// the upload again adds none of these once more.</summary>
internal sealed class UploadExecution(
    Dataset dataset, UploadKind kind, SampleSource source, StorageHealth storage, UploadCounter counter, TimeProvider timeProvider)
{
    private const int BatchRows = 2000;

    private readonly List<(long Line, string Id, byte[] Cells, string? Label)> _batch = new(BatchRows);
    private readonly ReportBuilder _report = new();

    /// <exception cref="IOException">The disk is full, or keeps what is left for the relay: what was committed before stays.</exception>
    public async Task<UploadReport> RunAsync(RowUpload rows, CancellationToken cancellationToken)
    {
        try
        {
            return await AddAsync(rows, cancellationToken);
        }
        finally
        {
            // Also of one that broke off: what was committed before stays.
            counter.Add(dataset, _report);
        }
    }

    private async Task<UploadReport> AddAsync(RowUpload rows, CancellationToken cancellationToken)
    {
        AddressHasher hasher = new(ReadState().Key);
        RowRules rules = new(dataset.Spec, hasher, source, timeProvider.GetUtcNow());
        SampleRow row = new(kind is UploadKind.Labels ? 1 : dataset.Spec.Columns.Count);
        string? stopped = null;
        bool isMore = true;
        while (isMore)
        {
            try
            {
                isMore = ReadBatch(rows, row, rules, cancellationToken);
            }
            catch (TrainingException damaged)
            {
                (stopped, isMore) = (damaged.Message, false);
            }

            // Rows before the damage count.
            await StoreAsync(hasher, cancellationToken);
        }

        return _report.Build(ReadState().Position, stopped);
    }

    private SampleState ReadState()
    {
        using DbConnection connection = dataset.Samples.OpenForReads();
        return SampleState.Read(connection, null);
    }

    private bool ReadBatch(RowUpload rows, SampleRow row, RowRules rules, CancellationToken cancellationToken)
    {
        for (int read = 0; read < BatchRows; read++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!rows.Read(row, out SampleFault? fault))
            {
                return false;
            }

            if ((fault ?? (kind is UploadKind.Labels ? rules.CheckLabel(row) : rules.Check(row))) is { } refused)
            {
                _report.Add(refused);
            }
            else if (kind is UploadKind.Labels)
            {
                _batch.Add((row.Line, row.Id!, [], row.Text(0)));
            }
            else
            {
                string? label = rules.LabelPosition >= 0 && !row.Cell(rules.LabelPosition).IsEmpty ? row.Text(rules.LabelPosition) : null;
                _batch.Add((row.Line, row.Id!, row.Encode(rules.LabelPosition), label));
            }
        }

        return true;
    }

    private async Task StoreAsync(AddressHasher hasher, CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        // In the log, and in the file.
        if (dataset.Samples.IsInFolder
            && storage.IsSpaceLow(2 * _batch.Sum(row => (long)row.Cells.Length + row.Id.Length + (row.Label?.Length ?? 0))))
        {
            throw StorageHealth.CreateSpaceIsLow();
        }

        RowOutcome[] outcomes = await dataset.Samples.WriteAsync((connection, transaction) =>
        {
            // In the order of the writes: a time from before this turn could be of the day before, and begin its quota anew.
            SampleWriter writer = new(connection, transaction, dataset.Spec, source, hasher, timeProvider.GetUtcNow());
            writer.Expect([.. _batch.Select(row => row.Id)]);
            RowOutcome[] added =
            [
                .. _batch.Select(row => kind is UploadKind.Labels
                    ? writer.AddLabel(row.Id, row.Label!)
                    : writer.AddSample(row.Id, row.Cells, row.Label)),
            ];
            writer.Complete();
            return added;
        }, cancellationToken);

        foreach ((int index, RowOutcome outcome) in outcomes.Index())
        {
            _report.Add(_batch[index].Line, outcome, outcome.Refusal is SampleFaultReason.IdTaken ? SampleBounds.IdColumn : null);
        }

        _batch.Clear();
    }
}
