using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>Collects what rows are learnt from or judged by: the label column, read as the task wants it.</summary>
internal abstract class TruthBuilder(string name)
{
    public string Name { get; } = name;

    /// <summary>The builder for a spec; null where the task reads no label or the data have none.</summary>
    public static TruthBuilder? For(ModelSpec spec) => (spec.Task, spec.Columns.FirstOrDefault(c => c.Type is ColumnType.Label)) switch
    {
        (ModelTask.Scaling, _) or (_, null) => null,
        (ModelTask.Regression, { } column) => new TargetColumnBuilder(column.Name),
        (_, { } column) => new LabelColumnBuilder(column.Name),
    };

    /// <summary>Takes one cell.</summary>
    /// <returns>Null, or what was expected instead.</returns>
    public abstract string? Add(ReadOnlySpan<byte> cell, long line);

    public abstract RawTruth Finish();
}

/// <summary>Collects raw labels, and where each one stood first, for errors that come to light only at the end.</summary>
internal sealed class LabelColumnBuilder(string name) : TruthBuilder(name)
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

    public override RawTruth Finish() => new RawLabels(Name, codes.Drain(), texts.Texts, [.. firstLines]);
}

/// <summary>Collects the numbers that a regression learns.</summary>
internal sealed class TargetColumnBuilder(string name) : TruthBuilder(name)
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

    public override RawTruth Finish() => new RawTargets(Name, values.Drain());
}

/// <summary>The label column as it stands in the source.</summary>
internal abstract record RawTruth(string Column)
{
    public abstract RawTruth Select(RowSelection rows);
}

internal sealed record RawLabels(string Column, int[] Codes, string[] Texts, long[] FirstLines) : RawTruth(Column)
{
    public override RawTruth Select(RowSelection rows) => this with { Codes = rows.Of(Codes) };
}

internal sealed record RawTargets(string Column, float[] Values) : RawTruth(Column)
{
    public override RawTruth Select(RowSelection rows) => this with { Values = rows.Of(Values) };
}
