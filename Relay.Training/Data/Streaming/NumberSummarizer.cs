using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common.Binning;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Streaming;

internal sealed class NumberSummarizer(string name) : ColumnReader(name), ISummarizer
{
    public ColumnSummary Summary { get; } = new();

    public ulong LastCell { get; private set; }

    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        if (!NumberText.TryParse(cell, out float value))
        {
            return NumberText.Expected;
        }

        Summary.Add(value);
        LastCell = RowFingerprint.CellOf(value);
        return null;
    }
}
