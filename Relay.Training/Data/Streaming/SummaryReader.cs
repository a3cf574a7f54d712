using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;
using Relay.Training.Data.Weighting;
using Relay.Training.Engines.Common.Binning;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Streaming;

/// <summary>The first pass over training rows: keeps labels or targets, and of the features what bin edges and codes come from.</summary>
internal sealed class SummaryReader(ModelSpec spec)
    : RowReader([.. spec.Features.Select(For)], LabelColumnReader.For(spec), new RowWeightInputs(spec))
{
    private static ColumnReader For(ColumnSpec column) =>
        column.Type == ColumnType.Category
            ? new CategorySummarizer(column.Name) { IsRequired = column.Required }
            : new NumberSummarizer(column.Name) { IsRequired = column.Required };
}

/// <summary>A pass before that one, which learns how old rows are.</summary>
internal sealed class TimeReader(ModelSpec spec) : RowReader([], null, new RowWeightInputs(spec, timesOnly: true));

internal sealed class NumberSummarizer(string name) : ColumnReader(name)
{
    public ColumnSummary Summary { get; } = new();

    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        if (!NumberText.TryParse(cell, out float value))
        {
            return NumberText.Expected;
        }

        Summary.Add(value);
        return null;
    }
}

internal sealed class CategorySummarizer(string name) : ColumnReader(name)
{
    private readonly List<long> rows = [];

    public TextCodes Texts { get; } = new();

    /// <summary>Per code of <see cref="Texts"/>, its rows.</summary>
    public IReadOnlyList<long> Rows => rows;

    public long Missing { get; private set; }

    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty)
        {
            Missing++;
            return null;
        }

        int code = Texts.Code(cell);
        if (code == rows.Count)
        {
            rows.Add(0);
        }

        rows[code]++;
        return rows.Count > CategoryColumnBuilder.MaxCategories ? CategoryColumnBuilder.TooMany : null;
    }
}
