using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Rows;

/// <summary>Fails where no training row has the class that means "nothing wrong".</summary>
internal sealed class BenignClassGate : IGate
{
    public string Name => "benign-class";

    public GateBounds Defaults { get; } = new();

    public TrainingFault Fault => TrainingFault.NoBenignClass;

    // The schema of the model would name a class that it does not have.
    public bool CanBeAccepted => false;

    public GateResult Check(GateContext context)
    {
        IReadOnlyList<string> classes = context.Data.Classes;
        string? benign = context.Spec.Task switch
        {
            ModelTask.Classification => context.Spec.Label.Benign,
            ModelTask.AnomalyDetection when classes.Count > 0 => classes[0],
            _ => null,
        };
        if (benign is null)
        {
            return this.NotApplicable("the spec names no benign class");
        }

        long rows = context.Data.Summary.ClassRows.GetValueOrDefault(benign);
        string counts = DataErrors.List(classes.Select(c => $"{c}: {context.Data.Summary.ClassRows[c]}"));
        return this.Result(
            rows > 0 ? GateVerdict.Pass : GateVerdict.Fail, rows, 1,
            rows > 0
                ? $"{rows} training rows of the benign class '{benign}'"
                : $"{context.Data.Summary.Source}: no row of the benign class '{benign}'; there are {counts}; bring rows " +
                    $"of it, or correct label.benign");
    }
}
