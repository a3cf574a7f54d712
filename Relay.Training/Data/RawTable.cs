using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>A source as read, before raw labels become classes.</summary>
/// <param name="Sha256">Of the bytes read, lower-case hexadecimal.</param>
/// <param name="Truth">Null where nothing is to be learnt or judged by.</param>
internal sealed record RawTable(string Source, string Sha256, IReadOnlyList<DataColumn> Columns, RawTruth? Truth, int Rows)
{
    /// <summary>Rows from <paramref name="start"/> as a data set.</summary>
    /// <param name="classes">The classes of training; null makes them from the spec or from these rows.</param>
    /// <exception cref="TrainingException">A raw label belongs to no class.</exception>
    public DataSet ToDataSet(ModelSpec spec, IReadOnlyList<string>? classes, int start, int count, string source)
    {
        IReadOnlyList<DataColumn> columns = [.. Columns.Select(c => Part(c, start, count))];
        if (Truth is RawLabels labels)
        {
            return Classify(columns, labels, spec, classes, start, count, source);
        }

        DataSummary summary = new(source, Sha256, count, new Dictionary<string, long>());
        return new DataSet(columns, new int[count], [], summary)
        {
            Targets = Truth is RawTargets targets ? targets.Values[start..(start + count)] : null,
        };
    }

    private DataSet Classify(
        IReadOnlyList<DataColumn> columns, RawLabels raw, ModelSpec spec, IReadOnlyList<string>? classes, int start, int count, string source)
    {
        bool[] present = new bool[raw.Texts.Length];
        ReadOnlySpan<int> codes = raw.Codes.AsSpan(start, count);
        foreach (int code in codes)
        {
            present[code] = true;
        }

        classes ??= ClassMap.Classes(spec, raw.Texts.Where((_, code) => present[code]));
        ClassMap map = new(spec, classes);
        int[] classOf = new int[present.Length];
        for (int code = 0; code < present.Length; code++)
        {
            if (present[code] && !map.TryGetClass(raw.Texts[code], out classOf[code]))
            {
                throw new TrainingException(
                    TrainingFault.InvalidData,
                    DataFault.Cell(Source, raw.FirstLines[code], raw.Column, raw.Texts[code], $"one of {map.Expected}"));
            }
        }

        int[] labels = new int[count];
        long[] rows = new long[classes.Count];
        for (int row = 0; row < count; row++)
        {
            labels[row] = classOf[codes[row]];
            rows[labels[row]]++;
        }

        Dictionary<string, long> classRows = classes.Select((name, i) => (name, rows[i])).ToDictionary(c => c.name, c => c.Item2);
        return new DataSet(columns, labels, classes, new DataSummary(source, Sha256, count, classRows));
    }

    private static DataColumn Part(DataColumn column, int start, int count) => column switch
    {
        NumberColumn number when count < number.Values.Length => number with { Values = number.Values[start..(start + count)] },
        CategoryColumn category when count < category.Codes.Length => category with { Codes = category.Codes[start..(start + count)] },
        _ => column,
    };
}
