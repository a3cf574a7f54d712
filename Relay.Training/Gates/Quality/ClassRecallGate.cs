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

        if (metrics.Classes.Where(c => c.Support > 0).MinBy(c => c.Recall) is not { } worst)
        {
            return this.NotApplicable("no held-out row has a class");
        }

        long hits = (long)Math.Round(worst.Recall * worst.Support);
        string found = $"the recall of '{worst.Name}' is {GateVerdicts.Number(worst.Recall)} on {worst.Support} held-out rows, "
            + $"the lowest of {metrics.Classes.Count} classes";
        return this.JudgeMinimum(context, worst.Recall, found, Proportions.Wilson(hits, worst.Support))
            .Advise("bring more rows of it or give it a weight, or leave it out");
    }
}
