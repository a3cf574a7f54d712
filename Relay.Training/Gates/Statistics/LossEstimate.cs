using Shared.Contracts.Models;

namespace Relay.Training.Gates.Statistics;

/// <summary>How much worse a smaller model is than the full one on the same rows.</summary>
/// <param name="Full">The figure of the full model.</param>
/// <param name="Quality">The figure of the smaller one.</param>
/// <param name="Points">What is lost, see <see cref="BudgetSpec.MaxQualityLoss"/>; below 0 where the smaller model is better.</param>
/// <param name="Interval">The 95% interval of the points, over rows.</param>
internal sealed record LossEstimate(double Full, double Quality, double Points, GateInterval Interval);
