using Relay.Training.Data.Tables;
using Relay.Training.Evaluation;
using Relay.Training.Gates.Incumbents;
using Relay.Training.Gates.Statistics;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Quality;

/// <summary>Fails where the model is much worse on a part of the held-out rows, by the value of a column that the spec names: than the incumbent
/// on the same rows or, where there is none, than on all rows.</summary>
internal sealed class SlicesGate : IGate
{
    /// <summary>A part with fewer rows is not judged.</summary>
    public const int MinRows = 50;

    private const int MaxSlices = 100;
    private const int QuartileCount = 4;

    public string Name => "slices";

    public GateBounds Defaults { get; } = new() { Warn = 0.1, Fail = 0.2, Columns = [] };

    public bool ReadsIncumbent => true;

    public GateResult Check(GateContext context)
    {
        if (!ModelSchema.TaskHasLabels(context.Spec.Task) || context.Data.Test.Classes.Count == 0)
        {
            return this.NotApplicable($"the task {context.Spec.Task} has no labels to be right about");
        }

        if (context.BoundsOf(this).Columns is not { Count: > 0 } columns)
        {
            return this.NotApplicable("the spec names no column in gates.slices.columns");
        }

        IncumbentScores? incumbent = context.Incumbent?.FindUnreadable(context.Spec.Task) is null ? context.Incumbent : null;
        RecallFall[] falls = [.. incumbent is null ? AgainstAll(context, columns) : AgainstIncumbent(context, incumbent, columns)];
        if (falls.Length == 0)
        {
            return this.NotApplicable($"no value of {string.Join(", ", columns)} has {MinRows} held-out rows");
        }

        RecallFall worst = RecallFall.Worst(falls);
        string found =
            $"where {worst.Part}, {GateVerdicts.Percent(worst.Now)} of {worst.Rows} held-out rows are right against " +
                $"{GateVerdicts.Percent(worst.Before)} "
            + $"{(incumbent is null ? "of all rows" : $"with version {incumbent.Card.Version}")}, the worst of {falls.Length} slices";
        return this.JudgeMaximum(context, worst.Fall, found, worst.Interval).Advise("bring more rows of this part, or accept the gate with a reason");
    }

    private static IEnumerable<RecallFall> AgainstIncumbent(GateContext context, IncumbentScores incumbent, IReadOnlyList<string> columns)
    {
        PairedLabels labels = PairedLabels.Create(context);
        return Slices(context.Data.Test, columns, incumbent.Rows).Select(slice => RecallFall.Measure(slice.Part, labels, slice.Rows));
    }

    private static IEnumerable<RecallFall> AgainstAll(GateContext context, IReadOnlyList<string> columns)
    {
        int[] truth = context.Data.Test.Labels;
        int[] answers = context.Candidate!.Answers.Labels;
        double all = (double)Enumerable.Range(0, truth.Length).Count(row => truth[row] == answers[row]) / truth.Length;
        foreach ((string part, int[] rows) in Slices(context.Data.Test, columns, [.. Enumerable.Range(0, truth.Length)]))
        {
            long right = rows.LongCount(row => truth[row] == answers[row]);
            GateInterval share = Proportions.Wilson(right, rows.Length);
            yield return new RecallFall(part, rows.Length, all, (double)right / rows.Length, new GateInterval(all - share.High, all - share.Low));
        }
    }

    /// <param name="rows">The held-out rows that are compared.</param>
    /// <returns>Each part with the places of its rows in <paramref name="rows"/>.</returns>
    private static IEnumerable<(string Part, int[] Rows)> Slices(DataSet test, IReadOnlyList<string> columns, int[] rows) =>
        from name in columns
        let partOf = PartsOf(test.Columns.First(c => c.Name == name))
        from slice in Enumerable.Range(0, rows.Length).GroupBy(i => partOf(rows[i])).OrderByDescending(g => g.Count()).Take(MaxSlices)
        where slice.Count() >= MinRows
        select (slice.Key, slice.ToArray());

    // Numbers by quarters of the held-out rows.
    private static Func<int, string> PartsOf(DataColumn column)
    {
        if (column is CategoryColumn category)
        {
            return row => category.Codes[row] < 0 ? $"{column.Name} is missing" : $"{column.Name} is '{category.Categories[category.Codes[row]]}'";
        }

        float[] values = ((NumberColumn)column).Values;
        float[] sorted = [.. values.Where(v => !float.IsNaN(v)).Order()];
        float[] edges = sorted.Length == 0
            ? []
            : [.. Enumerable.Range(1, QuartileCount - 1).Select(q => sorted[(int)((long)q * sorted.Length / QuartileCount)]).Distinct()];
        return row => float.IsNaN(values[row]) ? $"{column.Name} is missing"
            : Array.FindIndex(edges, edge => values[row] < edge) is >= 0 and int below
                ? $"{column.Name} is below {edges[below]:R}{(below > 0 ? $", from {edges[below - 1]:R}" : "")}"
            : edges.Length == 0 ? column.Name : $"{column.Name} is {edges[^1]:R} or more";
    }
}
