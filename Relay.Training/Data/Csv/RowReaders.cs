using Relay.Training.Data.Tables;
using Relay.Training.Data.Weighting;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Csv;

/// <summary>Takes the cells of one column while rows stream by.</summary>
internal abstract class ColumnReader(string name)
{
    /// <summary>What was expected instead of nothing where <see cref="IsRequired"/>.</summary>
    public const string RequiredValue = "a value: the spec calls the column required";

    public string Name { get; } = name;

    public bool IsRequired { get; init; }

    /// <summary>Takes one cell, unless it is empty in a column that the spec calls required.</summary>
    /// <returns>Null, or what was expected instead.</returns>
    public string? Take(ReadOnlySpan<byte> cell) => IsRequired && cell.IsEmpty ? RequiredValue : Add(cell);

    /// <summary>Takes one cell.</summary>
    /// <returns>Null, or what was expected instead.</returns>
    protected abstract string? Add(ReadOnlySpan<byte> cell);
}

/// <summary>Takes rows while they stream by.</summary>
/// <param name="columns">One per feature of the spec, in its order.</param>
/// <param name="truth">Null where there is none, or where it is known already.</param>
/// <param name="marks">Null where they are known already.</param>
internal abstract class RowReader(ColumnReader[] columns, LabelColumnReader? truth, RowWeightInputs? marks)
{
    public ColumnReader[] Columns { get; } = columns;

    public LabelColumnReader? Truth { get; } = truth;

    public RowWeightInputs? Marks { get; } = marks;

    /// <summary>Rows taken so far.</summary>
    public int Rows { get; private set; }

    /// <summary>All cells of a row were taken.</summary>
    public void EndRow()
    {
        Rows++;
        OnRow();
    }

    protected virtual void OnRow()
    {
    }
}

/// <summary>Keeps every value.</summary>
internal sealed class TableReader(ModelSpec spec)
    : RowReader([.. spec.Features.Select(ColumnBuilder.For)], LabelColumnReader.For(spec), new RowWeightInputs(spec))
{
    public RawTable Finish(string source, string digest) =>
        new(source, digest, [.. Columns.Select(c => ((ColumnBuilder)c).Finish())], Truth?.Finish(), Marks!.Finish(), Rows);
}
