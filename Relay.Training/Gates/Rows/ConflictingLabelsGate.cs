using Relay.Training.Data.Features;
using Relay.Training.Engines.Common.Sharding;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Rows;

/// <summary>Fails where many training rows have the same features and different labels, or many more than in the incumbent's data: copies of a
/// row under a second label, and flipped labels of rows that repeat.</summary>
internal sealed class ConflictingLabelsGate : IGate
{
    /// <summary>How far the share may be above that of the incumbent's data.</summary>
    public const double MaxRise = 0.01;

    public string Name => "conflicting-labels";

    public GateBounds Defaults { get; } = new() { Warn = 0.001, Fail = 0.05 };

    public GateResult Check(GateContext context)
    {
        if (context.Spec.Task is not ModelTask.Classification)
        {
            return this.NotApplicable($"the task {context.Spec.Task} learns no classes");
        }

        TrainingRowFacts facts = context.Data.Facts;
        (long rows, long largest) = Count(facts.Fingerprints, facts.Labels);
        bool isAlone = facts.Others.Size == 1;
        rows = facts.Others.Sum(rows);
        double share = (double)rows / facts.Rows;

        // The largest of all owners would be a number of one of them.
        string found =
            $"{rows} of {facts.Rows} training rows ({GateVerdicts.Percent(share)}) have the features of a row with another label"
            + (isAlone ? $", {largest} of them those of one row" : "; each owner compared its own rows");
        GateResult result = this.JudgeMaximum(context, share, found);
        if (result.Verdict is not GateVerdict.Fail && FindRise(context, share) is { } before)
        {
            result = result with
            {
                Verdict = GateVerdict.Fail,
                Bound = before + MaxRise,
                Detail = $"{found}; in the data of version {context.Incumbent!.Card.Version} it was {GateVerdicts.Percent(before)}",
            };
        }

        return result.Advise("correct the labels or add the column that tells such rows apart, or accept the gate with a reason");
    }

    private static double? FindRise(GateContext context, double share) =>
        context.Incumbent?.Card.Gates?.FirstOrDefault(g => g.Name == "conflicting-labels")?.Figure is { } before && share > before + MaxRise
            ? before
            : null;

    private static (long Rows, long Largest) Count(ulong[] fingerprints, int[] labels)
    {
        ulong[] sorted = [.. fingerprints];
        int[] ofSorted = [.. labels];
        Array.Sort(sorted, ofSorted);
        long rows = 0;
        long largest = 0;
        for (int start = 0; start < sorted.Length;)
        {
            int end = start;
            bool conflicts = false;
            for (; end < sorted.Length && sorted[end] == sorted[start]; end++)
            {
                conflicts |= ofSorted[end] != ofSorted[start];
            }

            rows += conflicts ? end - start : 0;
            largest = Math.Max(largest, conflicts ? end - start : 0);
            start = end;
        }

        return (rows, largest);
    }
}
