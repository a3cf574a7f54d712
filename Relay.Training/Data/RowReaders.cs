using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>Takes the cells of one column while rows stream by.</summary>
internal abstract class ColumnReader(string name)
{
    public string Name { get; } = name;

    /// <summary>Takes one cell.</summary>
    /// <returns>Null, or what was expected instead.</returns>
    public abstract string? Add(ReadOnlySpan<byte> cell);
}

/// <summary>Takes rows while they stream by.</summary>
/// <param name="columns">One per feature of the spec, in its order.</param>
/// <param name="labels">Null where labels are known already.</param>
internal abstract class RowReader(ColumnReader[] columns, LabelColumnBuilder? labels)
{
    public ColumnReader[] Columns { get; } = columns;

    public LabelColumnBuilder? Labels { get; } = labels;

    /// <summary>All cells of a row were taken.</summary>
    public virtual void EndRow()
    {
    }

    protected static LabelColumnBuilder LabelsOf(ModelSpec spec) => new(spec.Columns.First(c => c.Type == ColumnType.Label).Name);
}

/// <summary>Keeps every value.</summary>
internal sealed class TableReader(ModelSpec spec) : RowReader([.. spec.Features.Select(ColumnBuilder.For)], LabelsOf(spec))
{
    public RawTable Finish(string source, string digest) =>
        new(source, digest, [.. Columns.Select(c => ((ColumnBuilder)c).Finish())], Labels!.Finish());
}
