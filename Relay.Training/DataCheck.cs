using Shared.Contracts.Models;

namespace Relay.Training;

/// <summary>Data that a training run would take.</summary>
/// <param name="Classes">In the order of the model's probabilities; empty for other tasks than classification.</param>
/// <param name="Gates">The results of the gates on data, of which none refuses.</param>
public sealed record DataCheck(DataSummary Train, DataSummary HeldOut, IReadOnlyList<string> Classes, IReadOnlyList<GateResult> Gates);
