using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>A source as read, before raw labels become classes.</summary>
/// <param name="Sha256">Of the bytes read, lower-case hexadecimal.</param>
internal sealed record RawTable(string Source, string Sha256, IReadOnlyList<DataColumn> Columns, RawLabels Labels)
{
    public int Rows => Labels.Codes.Length;

    /// <summary>Rows from <paramref name="start"/> as a data set.</summary>
    /// <param name="classes">The classes of training; null makes them from the spec or from these rows.</param>
    /// <exception cref="TrainingException">A raw label belongs to no class.</exception>
    public DataSet ToDataSet(ModelSpec spec, IReadOnlyList<string>? classes, int start, int count, string source)
    {
        bool[] present = new bool[Labels.Texts.Length];
        ReadOnlySpan<int> raw = Labels.Codes.AsSpan(start, count);
        foreach (int code in raw)
        {
            present[code] = true;
        }

        classes ??= ClassMap.Classes(spec.Label, Labels.Texts.Where((_, code) => present[code]));
        ClassMap map = new(spec.Label, classes);
        int[] classOf = new int[present.Length];
        for (int code = 0; code < present.Length; code++)
        {
            if (present[code] && !map.TryGetClass(Labels.Texts[code], out classOf[code]))
            {
                throw new TrainingException(
                    TrainingFault.InvalidData,
                    DataFault.Cell(Source, Labels.FirstLines[code], Labels.Column, Labels.Texts[code], $"one of {map.Expected}"));
            }
        }

        int[] labels = new int[count];
        long[] rows = new long[classes.Count];
        for (int row = 0; row < count; row++)
        {
            labels[row] = classOf[raw[row]];
            rows[labels[row]]++;
        }

        Dictionary<string, long> classRows = classes.Select((name, i) => (name, rows[i])).ToDictionary(c => c.name, c => c.Item2);
        return new DataSet(
            [.. Columns.Select(c => Part(c, start, count))], labels, classes, new DataSummary(source, Sha256, count, classRows));
    }

    private static DataColumn Part(DataColumn column, int start, int count) => column switch
    {
        NumberColumn number when count < number.Values.Length => number with { Values = number.Values[start..(start + count)] },
        CategoryColumn category when count < category.Codes.Length => category with { Codes = category.Codes[start..(start + count)] },
        _ => column,
    };
}
