using Shared.Contracts.Models;

namespace Relay.Training.Gates.Incumbents;

/// <summary>A gate that compares the new model with the incumbent on the same held-out rows.</summary>
internal abstract class IncumbentGate(string name, GateBounds defaults) : IGate
{
    public string Name { get; } = name;

    public GateBounds Defaults { get; } = defaults;

    public bool ReadsIncumbent => true;

    public GateResult Check(GateContext context) =>
        FindReason(context) is { } reason ? this.NotApplicable(reason) : Compare(context, context.Incumbent!);

    /// <summary>Why the gate measures nothing for a task or its data; null where it does.</summary>
    protected abstract string? FindReason(ModelTask task, GateContext context);

    protected abstract GateResult Compare(GateContext context, IncumbentScores incumbent);

    /// <summary>Judges a figure that is above 0 where the new model is worse, and says what to do then.</summary>
    protected GateResult JudgeFall(GateContext context, double figure, string found, GateInterval interval)
    {
        GateResult result = this.JudgeMaximum(context, figure, found, interval);
        return result.Advise(result.Verdict is GateVerdict.Fail
            ? $"look for what changed in data and spec since version {context.Incumbent!.Card.Version}, or accept the gate with a reason"
            : "the rows are too few to tell it from noise: hold out more of them");
    }

    private string? FindReason(GateContext context) =>
        context.Incumbent is null ? "there is no version to compare with"
        : FindReason(context.Spec.Task, context) is { } reason ? reason
        : context.Incumbent.FindUnreadable(context.Spec.Task);

    protected static string? LabelsOnly(ModelTask task, GateContext context) =>
        !ModelSchema.TaskHasLabels(task) ? $"the task {task} has no classes"
        : context.Data.Test.Classes.Count == 0 ? "the held-out rows have no labels"
        : null;
}
