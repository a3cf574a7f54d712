using Relay.Training.Evaluation;
using Relay.Training.Export;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Quality;

/// <summary>Fails where an answer is seldom true: of the held-out rows that the model gives a class, too few have it. Its own bounds let everything
/// pass, because held-out rows seldom have the classes as often as those that the model will see; a spec sets bounds where they do.</summary>
internal sealed class ClassPrecisionGate : IGate
{
    public string Name => "class-precision";

    public GateBounds Defaults { get; } = new() { Warn = 0, Fail = 0 };

    public GateResult Check(GateContext context)
    {
        if (context.Candidate!.Metrics is not ClassificationMetrics metrics)
        {
            return this.NotApplicable($"the task {context.Spec.Task} learns no classes");
        }

        Predictions answers = context.Candidate.Answers;
        (string Name, long Right, long Given)[] classes =
        [
            .. metrics.Classes.Select((c, k) => (
                c.Name,
                answers.Labels.Zip(context.Data.Test.Labels).LongCount(row => row.First == k && row.Second == k),
                answers.Labels.LongCount(label => label == k))).Where(c => c.Item3 > 0),
        ];
        if (classes.Length == 0)
        {
            return this.NotApplicable("no held-out row has an answer");
        }

        return this.JudgeWorst(context, classes.Select(c => (
                (double)c.Right / c.Given,
                $"{c.Right} of {c.Given} held-out rows that the model calls '{c.Name}' are, the worst of {classes.Length} classes",
                Proportions.Wilson(c.Right, c.Given))))
            .Advise("the model cannot be trusted with that answer: bring newer or more rows, or accept the gate with a reason");
    }
}
