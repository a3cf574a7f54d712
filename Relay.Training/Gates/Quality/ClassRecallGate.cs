using Relay.Training.Evaluation;
using Relay.Training.Gates.Statistics;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Quality;

/// <summary>Fails where the model hardly ever finds one of its classes, and warns where it misses every second row of one.</summary>
internal sealed class ClassRecallGate : IGate
{
    public string Name => "class-recall";

    public GateBounds Defaults { get; } = new() { Warn = 0.5, Fail = 0.02 };

    public GateResult Check(GateContext context)
    {
        if (context.Candidate!.Metrics is not ClassificationMetrics metrics)
        {
            return this.NotApplicable($"the task {context.Spec.Task} learns no classes");
        }

        ClassMetrics[] classes = [.. metrics.Classes.Where(c => c.Support > 0)];
        if (classes.Length == 0)
        {
            return this.NotApplicable("no held-out row has a class");
        }

        return this.JudgeWorst(context, classes.Select(c => (
                c.Recall,
                $"the recall of '{c.Name}' is {GateVerdicts.Number(c.Recall)} on {c.Support} held-out rows, the worst of "
                    + $"{metrics.Classes.Count} classes",
                Proportions.Wilson((long)Math.Round(c.Recall * c.Support), c.Support))))
            .Advise("bring more rows of it or give it a weight, or leave it out");
    }
}
