using Relay.Training.Gates.Statistics;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Budgets;

/// <summary>A model that a search measured.</summary>
/// <param name="Parameters">They train it.</param>
/// <param name="Bytes">Of its file.</param>
/// <param name="Loss">Against the full model, on parts of the training rows.</param>
/// <param name="Create">Gives its trees, learned from all training rows.</param>
internal sealed record SmallModel(ModelParameters Parameters, long Bytes, LossEstimate Loss, Func<TreeEnsemble> Create)
{
    /// <summary>The points by which the model counts as within a loss: the most that it or one of the next larger models of its family loses. Of
    /// thousands of models some are within it by luck, and their neighbors are not.</summary>
    public required double SafePoints { get; init; }

    /// <summary>Microseconds for a row; null until somebody asks.</summary>
    public double? Microseconds { get; set; }

    public FrontierPoint ToPoint() => new(Bytes, Loss.Quality)
    {
        Trees = Parameters.Trees,
        Depth = Parameters.Depth,
        Microseconds = Microseconds,
        Loss = Loss.Points,
        Interval = Loss.Interval,
        Parameters = Parameters,
    };
}
