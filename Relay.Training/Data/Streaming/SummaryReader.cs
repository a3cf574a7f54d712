using Relay.Training.Data.Csv;
using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Data.Weighting;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Streaming;

/// <summary>The row reader of the first pass over training rows: keeps labels or targets, and
/// summarizes each feature for bin edges and codes.</summary>
internal sealed class SummaryReader(ModelSpec spec)
    : RowReader([.. spec.Features.Select(column => CreateReader(column, spec))], LabelColumnReader.Create(spec), new RowWeightInputs(spec))
{
    private readonly ChunkedList<ulong> _fingerprints = new();

    /// <summary>The fingerprints of the rows read; to be called once.</summary>
    public ulong[] DrainFingerprints() => _fingerprints.Drain();

    protected override void OnRow()
    {
        ulong row = RowFingerprint.Start;
        foreach (ColumnReader column in Columns)
        {
            row = RowFingerprint.Add(row, ((ISummarizer)column).LastCell);
        }

        _fingerprints.Add(row);
    }

    private static ColumnReader CreateReader(ColumnSpec column, ModelSpec spec) =>
        column.Type == ColumnType.Category
            ? new CategorySummarizer(column.Name, EncodingChoice.MayUseStatistics(spec, column.Name)) { IsRequired = column.Required }
            : new NumberSummarizer(column.Name) { IsRequired = column.Required };
}
