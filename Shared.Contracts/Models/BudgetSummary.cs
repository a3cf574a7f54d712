using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>What the search for a small model compared and chose. A run with these parameters and without a search gives the same bytes.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record BudgetSummary
{
    /// <summary>The figure that models were compared by: <c>macroF1</c>, <c>auc</c> or <c>rmse</c>.</summary>
    public required string Figure { get; init; }

    /// <summary>How many parts of the training rows each model was measured on, by a model of the others.</summary>
    public required int Folds { get; init; }

    /// <summary>How many models were measured; <see cref="ModelCard.Frontier"/> has those that matter.</summary>
    public required int Models { get; init; }

    /// <summary>The full model, which the parameters of the spec give.</summary>
    public required FrontierPoint Full { get; init; }

    /// <summary>The model that was chosen, as the search measured it.</summary>
    public required FrontierPoint Chosen { get; init; }

    /// <summary>The parameters that the version was trained with.</summary>
    public required ModelParameters Parameters { get; init; }
}
