using Shared.Contracts.Models;

namespace Relay.Training.Gates;

/// <summary>One reason why a model should not ship. It measures a figure and compares it with its bounds; equal inputs give equal figures, so
/// that anyone can compute them again. A new gate is a class, a line in <see cref="GateCatalog"/>, and a test.</summary>
internal interface IGate
{
    /// <summary>The name in specs, cards, signed test results and the options of nodes: a relay name.</summary>
    string Name { get; }

    /// <summary>The bounds that hold where a spec says nothing; a spec can set those that are not null.</summary>
    GateBounds Defaults { get; }

    /// <summary>The fault of a run that this gate refuses.</summary>
    TrainingFault Fault => TrainingFault.GateFailed;

    /// <summary>Whether a person can accept a version although the gate fails. A model that is not what it claims to be never ships.</summary>
    bool CanBeAccepted => true;

    /// <summary>Whether the figure rests on the version that the model would replace, where there is one.</summary>
    bool ReadsIncumbent => false;

    /// <summary>Whether the figure is of the machine: another run gives another one.</summary>
    bool IsOfMachine => false;

    /// <summary>The bound that the budget of a spec sets, where it is below the others; null where it sets none.</summary>
    double? BoundOf(BudgetSpec budget) => null;

    GateResult Check(GateContext context);
}
