using Relay.Training.Data.Features;
using Relay.Training.Export;
using Relay.Training.Gates.Incumbents;
using Shared.Contracts.Models;

namespace Relay.Training.Gates;

/// <summary>What gates look at.</summary>
/// <param name="Incumbent">The model that the new one would replace; null where there is none.</param>
internal sealed record GateContext(ModelSpec Spec, LoadedData Data, IncumbentScores? Incumbent)
{
    /// <summary>What was trained; null for the gates on data, which come before training.</summary>
    public Candidate? Candidate { get; init; }

    /// <summary>What the full model answers to the held-out rows, where a smaller one was searched; else null.</summary>
    public Predictions? FullAnswers { get; init; }

    /// <summary>The bounds of a gate: those of the spec, then its own, and of the budget where that is lower.</summary>
    public GateBounds BoundsOf(IGate gate)
    {
        GateBounds bounds = StatedBoundsOf(gate);
        return Spec.Budget is { } budget && gate.BoundOf(budget) is { } most && !(bounds.Fail <= most) ? bounds with { Fail = most } : bounds;
    }

    private GateBounds StatedBoundsOf(IGate gate) => Spec.Gates?.GetValueOrDefault(gate.Name) is { } given
        ? new GateBounds
        {
            Warn = given.Warn ?? gate.Defaults.Warn,
            Fail = given.Fail ?? gate.Defaults.Fail,
            Columns = given.Columns ?? gate.Defaults.Columns,
        }
        : gate.Defaults;
}
