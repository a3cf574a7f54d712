using Relay.Training.Data.Tables;
using Relay.Training.Evaluation;
using Relay.Training.Evaluation.Reports;
using Relay.Training.Export;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Quality;

/// <summary>Fails where the model takes too many benign rows for something else, in the worst group of the columns that the spec compares quality
/// by. Its own bounds let everything pass: what a false alarm costs is known to those who write the spec.</summary>
internal sealed class FalseAlarmsGate : IGate
{
    /// <summary>A group with fewer benign rows is not judged.</summary>
    public const int MinRows = 50;

    public string Name => "false-alarms";

    public GateBounds Defaults { get; } = new() { Warn = 1, Fail = 1 };

    public GateResult Check(GateContext context)
    {
        DataSet test = context.Data.Test;
        if (context.Spec.Task is not ModelTask.Classification || context.Spec.Label.Benign is not { } benign)
        {
            return this.NotApplicable("the spec names no benign class");
        }

        int k = test.Classes.ToList().IndexOf(benign);
        (string Part, long Alarms, int Rows)[] groups = [.. Groups(context, k).Where(g => g.Rows >= MinRows)];
        if (groups.Length == 0)
        {
            return this.NotApplicable($"fewer than {MinRows} held-out rows are '{benign}'");
        }

        (string part, long alarms, int rows) = groups.MaxBy(g => Proportions.Wilson(g.Alarms, g.Rows).Low);
        string found = $"{alarms} of {rows} benign held-out rows{part} have another answer, the worst of {groups.Length} groups";
        return this.JudgeMaximum(context, (double)alarms / rows, found, Proportions.Wilson(alarms, rows))
            .Advise("bring data that tell them apart, or accept the gate with a reason");
    }

    private static IEnumerable<(string Part, long Alarms, int Rows)> Groups(GateContext context, int benign)
    {
        DataSet test = context.Data.Test;
        Predictions answers = context.Candidate!.Answers;
        int[] rows = [.. Enumerable.Range(0, test.Labels.Length).Where(row => test.Labels[row] == benign)];
        yield return ("", rows.LongCount(row => answers.Labels[row] != benign), rows.Length);
        foreach (DataColumn column in GroupFairness.ColumnsOf(context.Spec, test))
        {
            foreach (IGrouping<string?, int> group in rows.GroupBy(GroupFairness.ValuesOf(column)))
            {
                yield return (
                    $" where {column.Name} is {(group.Key is null ? "missing" : column is CategoryColumn ? $"'{group.Key}'" : group.Key)}",
                    group.LongCount(row => answers.Labels[row] != benign), group.Count());
            }
        }
    }
}
