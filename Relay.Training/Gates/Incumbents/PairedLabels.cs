using Relay.Training.Export;

namespace Relay.Training.Gates.Incumbents;

/// <summary>Per compared row the right class and what both models say, as classes of this run; -1 is a class that this run does not have.</summary>
internal sealed record PairedLabels(int[] Truth, int[] Candidate, int[] Incumbent)
{
    public static PairedLabels Create(GateContext context)
    {
        IncumbentScores incumbent = context.Incumbent!;
        int[] classes = incumbent.MapClasses(context.Candidate!.Model.Schema.Classes);
        Predictions theirs = incumbent.HeldOut;
        return new PairedLabels(
            [.. incumbent.Rows.Select(row => context.Data.Test.Labels[row])],
            [.. incumbent.Rows.Select(row => context.Candidate.Answers.Labels[row])],
            [.. theirs.Labels.Select(label => classes[label])]);
    }

    public bool IsRight(int row) => Candidate[row] == Truth[row];

    public bool WasRight(int row) => Incumbent[row] == Truth[row];
}
