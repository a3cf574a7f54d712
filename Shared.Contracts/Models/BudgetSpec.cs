namespace Shared.Contracts.Models;

/// <summary>What a model may cost on a node. The training run searches the smallest ensemble that fits; at least one bound is given.</summary>
public sealed record BudgetSpec
{
    /// <summary>Most bytes of the file; null for no bound.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Most microseconds for one row, on the scorer that nodes choose and the machine that trains; null for no bound.</summary>
    public double? MaxMicroseconds { get; init; }

    /// <summary>Most points that quality may fall below that of the full model, which the parameters of the spec give: of macro-F1 or AUC a point
    /// is .01, of RMSE a percent of it. Null: the best model within the other bounds, whatever it loses.</summary>
    public double? MaxQualityLoss { get; init; }
}
