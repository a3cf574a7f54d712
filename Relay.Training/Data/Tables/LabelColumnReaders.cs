using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

/// <summary>Collects what rows are learnt from or judged by: the label column, read as the task wants it.</summary>
internal abstract class LabelColumnReader(string name)
{
    public string Name { get; } = name;

    /// <summary>The builder for a spec; null where the task reads no label or the data have none.</summary>
    public static LabelColumnReader? For(ModelSpec spec) => (spec.Task, spec.Columns.FirstOrDefault(c => c.Type is ColumnType.Label)) switch
    {
        (ModelTask.Scaling, _) or (_, null) => null,
        (ModelTask.Regression, { } column) => new TargetColumnReader(column.Name),
        (_, { } column) => new ClassColumnReader(column.Name),
    };

    /// <summary>Takes one cell.</summary>
    /// <returns>Null, or what was expected instead.</returns>
    public abstract string? Add(ReadOnlySpan<byte> cell, long line);

    public abstract RawLabelColumn Finish();
}

/// <summary>Collects raw labels, and where each one stood first, for errors that come to light only at the end.</summary>
internal sealed class ClassColumnReader(string name) : LabelColumnReader(name)
{
    private readonly ChunkedList<int> codes = new();
    private readonly TextCodes texts = new();
    private readonly List<long> firstLines = [];

    public override string? Add(ReadOnlySpan<byte> cell, long line)
    {
        if (cell.IsEmpty)
        {
            return "a label";
        }

        int code = texts.Code(cell);
        if (code == firstLines.Count)
        {
            firstLines.Add(line);
        }

        codes.Add(code);
        return null;
    }

    public override RawLabelColumn Finish() => new RawLabels(Name, codes.Drain(), texts.Texts, [.. firstLines]);
}

/// <summary>Collects the numbers that a regression learns.</summary>
internal sealed class TargetColumnReader(string name) : LabelColumnReader(name)
{
    private readonly ChunkedList<float> values = new();

    public override string? Add(ReadOnlySpan<byte> cell, long line)
    {
        if (!NumberText.TryParse(cell, out float value) || float.IsNaN(value))
        {
            return "a finite number to learn";
        }

        values.Add(value);
        return null;
    }

    public override RawLabelColumn Finish() => new RawTargets(Name, values.Drain());
}

/// <summary>The label column as it stands in the source.</summary>
internal abstract record RawLabelColumn(string Column)
{
    public abstract RawLabelColumn Select(RowSelection rows);
}

internal sealed record RawLabels(string Column, int[] Codes, string[] Texts, long[] FirstLines) : RawLabelColumn(Column)
{
    public override RawLabelColumn Select(RowSelection rows) => this with { Codes = rows.Of(Codes) };
}

internal sealed record RawTargets(string Column, float[] Values) : RawLabelColumn(Column)
{
    public override RawLabelColumn Select(RowSelection rows) => this with { Values = rows.Of(Values) };
}
