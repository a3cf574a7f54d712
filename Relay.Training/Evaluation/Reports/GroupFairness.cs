using Relay.Training.Data.Tables;
using Relay.Training.Export;
using Shared.Contracts.Models;

namespace Relay.Training.Evaluation.Reports;

/// <summary>Measures quality by the values of a column. Rows that have none are a group of their own.</summary>
internal static class GroupFairness
{
    private const int MaxGroups = 12;
    private const int MaxClasses = 10;
    private const int QuarterCount = 4;

    /// <summary>Per column that the spec names; null where it names none.</summary>
    public static IReadOnlyList<FairnessReport>? Measure(ModelSpec spec, Predictions answers, DataSet heldOut)
    {
        DataColumn[] columns = [.. ColumnsOf(spec, heldOut)];
        return columns.Length == 0 ? null : [.. columns.Select(c => Measure(c, answers, heldOut))];
    }

    /// <summary>The columns that the spec compares quality by.</summary>
    public static IEnumerable<DataColumn> ColumnsOf(ModelSpec spec, DataSet heldOut) =>
        (spec.Fairness ?? []).Select(name => heldOut.Columns.Concat(heldOut.Groups).FirstOrDefault(c => c.Name == name)).OfType<DataColumn>();

    private static FairnessReport Measure(DataColumn column, Predictions answers, DataSet heldOut)
    {
        Func<int, string?> valueOf = ValuesOf(column);
        (string? Value, int[] Rows)[] groups =
        [
            .. Enumerable.Range(0, answers.RowCount).GroupBy(valueOf).Select(g => (g.Key, g.ToArray())),
        ];
        (string? Value, int[] Rows)[] named =
        [
            .. groups.Where(g => g.Value is not null).OrderByDescending(g => g.Rows.Length).ThenBy(g => g.Value, StringComparer.Ordinal),
        ];
        int[] others = [.. named.Skip(MaxGroups).SelectMany(g => g.Rows)];
        return new FairnessReport(column.Name,
        [
            .. named.Take(MaxGroups).Select(g => Measure(g.Rows, answers, heldOut) with { Value = g.Value }),
            .. others.Length == 0 ? [] : (FairnessGroup[])[Measure(others, answers, heldOut)],
            .. groups.Where(g => g.Value is null).Select(g => Measure(g.Rows, answers, heldOut) with { IsMissing = true }),
        ]);
    }

    private static FairnessGroup Measure(int[] rows, Predictions answers, DataSet heldOut)
    {
        FairnessGroup group = new() { Rows = rows.Length };
        if (heldOut.Targets is { } targets)
        {
            double[] errors = [.. rows.Select(row => (double)answers.Values[row] - targets[row])];
            return group with { Mae = Mean(Array.ConvertAll(errors, Math.Abs)), Bias = Mean(errors) };
        }

        group = answers.Offset is null ? group : group with { Flagged = Share(rows.LongCount(row => answers.Labels[row] == 1), rows.Length) };
        return heldOut.Classes.Count == 0
            ? group
            : group with
            {
                Accuracy = Share(rows.LongCount(row => answers.Labels[row] == heldOut.Labels[row]), rows.Length),
                Classes =
                [
                    .. heldOut.Classes.Select((name, k) => (name, k)).OrderByDescending(c => heldOut.Summary.ClassRows[c.name]).ThenBy(c => c.k)
                        .Take(MaxClasses)
                        .OrderBy(c => c.k).Select(c => Measure(c.name, c.k, rows, answers, heldOut)),
                ],
            };
    }

    private static GroupClass Measure(string name, int k, int[] rows, Predictions answers, DataSet heldOut)
    {
        long support = rows.LongCount(row => heldOut.Labels[row] == k);
        long found = rows.LongCount(row => answers.Labels[row] == k);
        long right = rows.LongCount(row => heldOut.Labels[row] == k && answers.Labels[row] == k);
        return new GroupClass(name, support, Share(right, support), Share(found - right, rows.Length - support));
    }

    private static GroupRate? Share(long hits, long rows)
    {
        if (rows == 0)
        {
            return null;
        }

        GateInterval interval = Proportions.Wilson(hits, rows);
        return new GroupRate((double)hits / rows, interval.Low, interval.High);
    }

    private static GroupRate Mean(double[] values)
    {
        (double mean, GateInterval interval) = Proportions.Mean(values);
        return new GroupRate(mean, interval.Low, interval.High);
    }

    /// <summary>Per row the name of its group, null where it has no value. Texts are groups; numbers are, where there are few, and otherwise
    /// quarters of the rows.</summary>
    public static Func<int, string?> ValuesOf(DataColumn column)
    {
        if (column is CategoryColumn category)
        {
            return row => category.Codes[row] < 0 ? null : category.Categories[category.Codes[row]];
        }

        float[] values = ((NumberColumn)column).Values;
        float[] sorted = [.. values.Where(v => !float.IsNaN(v)).Order()];
        if (sorted.Distinct().Take(MaxGroups + 1).Count() <= MaxGroups)
        {
            return row => float.IsNaN(values[row]) ? null : Text(values[row]);
        }

        float[] edges = [.. Enumerable.Range(1, QuarterCount - 1).Select(q => sorted[(int)((long)q * sorted.Length / QuarterCount)]).Distinct()];
        return row => float.IsNaN(values[row]) ? null
            : Array.FindIndex(edges, edge => values[row] < edge) is >= 0 and int below
                ? below == 0 ? $"below {Text(edges[0])}" : $"from {Text(edges[below - 1])} to below {Text(edges[below])}"
            : $"{Text(edges[^1])} or more";
    }

    private static string Text(float value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
