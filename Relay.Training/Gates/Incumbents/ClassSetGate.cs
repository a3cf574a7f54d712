using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Incumbents;

/// <summary>Fails where classes of the incumbent are gone: the model would call their rows something else.</summary>
internal sealed class ClassSetGate : IGate
{
    public string Name => "class-set";

    public GateBounds Defaults { get; } = new() { Fail = 0 };

    public bool ReadsIncumbent => true;

    public GateResult Check(GateContext context)
    {
        if (context.Spec.Task is not ModelTask.Classification)
        {
            return this.NotApplicable($"the task {context.Spec.Task} learns no classes");
        }

        if (context.Incumbent is not { } incumbent)
        {
            return this.NotApplicable("there is no version to compare with");
        }

        IReadOnlyList<string> before = incumbent.Card.Schema.Classes;
        string[] gone = [.. before.Except(context.Data.Classes, StringComparer.Ordinal)];
        string[] added = [.. context.Data.Classes.Except(before, StringComparer.Ordinal)];
        string found = gone.Length == 0
            ? $"all {before.Count} classes of version {incumbent.Card.Version} are there"
            : $"{gone.Length} of the {before.Count} classes of version {incumbent.Card.Version} are gone: {DataErrors.List(gone)}; "
              + "train with rows of them, or accept the gate with a reason";
        GateResult result = this.JudgeMaximum(context, gone.Length, added.Length == 0 ? found : $"{found}; new: {DataErrors.List(added)}");
        return result.Verdict is GateVerdict.Pass && added.Length > 0 ? result with { Verdict = GateVerdict.Warn } : result;
    }
}
