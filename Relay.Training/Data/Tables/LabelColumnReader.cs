using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

/// <summary>Reads the label column: as classes or as numbers, as the task needs it.</summary>
internal abstract class LabelColumnReader(string name)
{
    public string Name { get; } = name;

    /// <summary>The reader for a spec; null where the task reads no label or the data have none.</summary>
    public static LabelColumnReader? Create(ModelSpec spec) => (spec.Task, spec.Columns.FirstOrDefault(c => c.Type is ColumnType.Label)) switch
    {
        (ModelTask.Scaling, _) or (_, null) => null,
        (ModelTask.Regression, { } column) => new TargetColumnReader(column.Name),
        (_, { } column) => new ClassColumnReader(column.Name),
    };

    /// <summary>Takes one cell, unless it is no text.</summary>
    /// <returns>Null, or what was expected instead.</returns>
    public string? Take(ReadOnlySpan<byte> cell, long line) => CellText.FindError(cell) ?? Add(cell, line);

    public abstract RawLabelColumn Finish();

    /// <summary>Takes one cell, which is text.</summary>
    /// <returns>Null, or what was expected instead.</returns>
    protected abstract string? Add(ReadOnlySpan<byte> cell, long line);
}
