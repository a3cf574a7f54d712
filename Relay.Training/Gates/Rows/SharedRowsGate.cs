using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Evaluation;
using Relay.Training.Gates.Statistics;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Rows;

/// <summary>Fails where more held-out rows stand in the training rows than rows of these data repeat themselves: then held-out figures say how
/// well the model remembers. Warns where most of them stand there, even if rows repeat themselves as much: that is no leak, and the figures still
/// say little about rows that are new.</summary>
internal sealed class SharedRowsGate : IGate
{
    private const double MostlyKnown = 0.5;

    public string Name => "shared-rows";

    public GateBounds Defaults { get; } = new() { Warn = 0.02, Fail = 0.1 };

    public GateResult Check(GateContext context)
    {
        if (context.Spec.Task is not (ModelTask.Classification or ModelTask.Regression))
        {
            return this.NotApplicable($"the task {context.Spec.Task} is not measured by labels that it learned");
        }

        TrainingRowFacts facts = context.Data.Facts;
        ulong[] train = [.. facts.Fingerprints];
        ulong[] test = RowFingerprint.Compute(context.Data.Test.Columns, context.Data.Test.Labels.Length);
        Array.Sort(train);
        bool[] stands = Array.ConvertAll(test, row => Array.BinarySearch(train, row) >= 0);
        bool isAlone = facts.Others.Size == 1;
        long shared = (isAlone ? stands : facts.Others.Any(stands)).LongCount(row => row);

        // The chance of a row to have an equal one among the training rows is that of a training row to have one among the others.
        double expected = (double)facts.Others.Sum(CountRepeated(train)) / facts.Rows;
        double share = (double)shared / test.Length;
        GateInterval interval = Proportions.Wilson(shared, test.Length);
        string found =
            $"{shared} of {test.Length} held-out rows ({GateVerdicts.Percent(share)}) stand in the training rows, and "
            + $"{GateVerdicts.Percent(expected)} of the training rows stand there twice{(isAlone ? "" : " among the rows of one owner")}";
        GateResult result = this.JudgeMaximum(
            context, Math.Max(0, share - expected), found,
            new GateInterval(Math.Max(0, interval.Low - expected), Math.Max(0, interval.High - expected)))
            .Advise("take the held-out rows out of the training rows, or hold out others");
        return result.Verdict is GateVerdict.Pass && share > MostlyKnown
            ? (result with { Verdict = GateVerdict.Warn }).Advise("the figures say little about rows that are new: hold out rows without copies")
            : result;
    }

    private static long CountRepeated(ulong[] sorted)
    {
        long repeated = 0;
        for (int row = 0; row < sorted.Length; row++)
        {
            repeated += (row > 0 && sorted[row] == sorted[row - 1]) || (row + 1 < sorted.Length && sorted[row] == sorted[row + 1]) ? 1 : 0;
        }

        return repeated;
    }
}
