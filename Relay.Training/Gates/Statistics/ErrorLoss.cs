using Relay.Training.Evaluation;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Statistics;

/// <summary>How much RMSE rises, in percent of the full model's, from the squared errors of both models on the same rows.</summary>
internal readonly record struct ErrorLoss(long Rows, double Full, double Small, double SquaredDifferences)
{
    public ErrorLoss Add(double truth, double full, double small)
    {
        double ofFull = (full - truth) * (full - truth);
        double ofSmall = (small - truth) * (small - truth);
        return new(Rows + 1, Full + ofFull, Small + ofSmall, SquaredDifferences + ((ofSmall - ofFull) * (ofSmall - ofFull)));
    }

    public ErrorLoss Add(ErrorLoss other) =>
        new(Rows + other.Rows, Full + other.Full, Small + other.Small, SquaredDifferences + other.SquaredDifferences);

    public LossEstimate Measure()
    {
        double full = Math.Sqrt(Full / Rows);
        double small = Math.Sqrt(Small / Rows);
        double rise = (Small - Full) / Rows;
        double variance = Math.Max(0, (SquaredDifferences / Rows) - (rise * rise)) / Math.Max(1, Rows - 1);
        double half = Proportions.Z * Math.Sqrt(variance);
        return new LossEstimate(full, small, Points(full, rise), new GateInterval(Points(full, rise - half), Points(full, rise + half)));
    }

    // Of mean squared errors to a percentage of the root; a full model without any error has none that a smaller one may add.
    private static double Points(double full, double more) => full > 0
        ? 100 * (Math.Sqrt(Math.Max(0, (full * full) + more)) - full) / full
        : more > 0 ? double.MaxValue : 0;
}
