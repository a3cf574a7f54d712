using Shared.Contracts.Models;

namespace Relay.Training.Gates.Quality;

/// <summary>Fails where the model gives one label to all held-out rows, or where all of them have one class, so that they measure nothing.</summary>
internal sealed class SingleClassGate : IGate
{
    public string Name => "single-class";

    public GateBounds Defaults { get; } = new() { Fail = 2 };

    public GateResult Check(GateContext context)
    {
        if (context.Spec.Task is not ModelTask.Classification)
        {
            return this.NotApplicable($"the task {context.Spec.Task} learns no classes");
        }

        int held = context.Data.Test.Labels.Distinct().Count();
        int given = context.Candidate!.Answers.Labels.Distinct().Count();
        string found = $"{held} {(held == 1 ? "class" : "classes")} among the held-out rows, {given} among the model's answers for them";
        return this.JudgeMinimum(context, Math.Min(held, given), found).Advise(held < 2
            ? "hold out rows of every class: in a file of its own, or at the end of the training file"
            : "the model learned nothing: give it more rows or trees, or weights.balanced");
    }
}
