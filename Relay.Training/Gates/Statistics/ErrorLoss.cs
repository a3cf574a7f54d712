using Relay.Training.Evaluation;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Statistics;

/// <summary>How much RMSE rises, in percent of the full model's, from the squared errors of both models on the same rows. The interval is that of
/// a ratio of two means (delta method): the error of the full model varies with the rows, too.</summary>
/// <param name="Full">Sum of the squared errors of the full model.</param>
/// <param name="Small">Sum of those of the smaller one.</param>
/// <param name="SquaredFull">Sum of the squares of the full model's squared errors.</param>
/// <param name="SquaredRises">Sum of the squares of the rises of a row's squared error.</param>
/// <param name="Products">Sum of the full model's squared error times that rise.</param>
internal readonly record struct ErrorLoss(long Rows, double Full, double Small, double SquaredFull, double SquaredRises, double Products)
{
    public ErrorLoss Add(double truth, double full, double small)
    {
        double ofFull = (full - truth) * (full - truth);
        double ofSmall = (small - truth) * (small - truth);
        double rise = ofSmall - ofFull;
        return Add(new ErrorLoss(1, ofFull, ofSmall, ofFull * ofFull, rise * rise, ofFull * rise));
    }

    public ErrorLoss Add(ErrorLoss other) => new(
        Rows + other.Rows, Full + other.Full, Small + other.Small,
        SquaredFull + other.SquaredFull, SquaredRises + other.SquaredRises, Products + other.Products);

    public LossEstimate Measure()
    {
        double full = Math.Sqrt(Full / Rows);
        double small = Math.Sqrt(Small / Rows);
        if (!(Full > 0))
        {
            // A full model without any error has none that a smaller one may add.
            double points = Small > 0 ? double.MaxValue : 0;
            return new LossEstimate(full, small, points, new GateInterval(points, points));
        }

        // By how much the squared errors rise, as a share of the full model's. What a row has beyond that share is its part of the variance.
        double share = (Small - Full) / Full;
        double residuals = Math.Max(0, SquaredRises - (2 * share * Products) + (share * share * SquaredFull));
        double half = Proportions.Z * Math.Sqrt(residuals * Rows / Math.Max(1, Rows - 1)) / Full;
        return new LossEstimate(full, small, Points(share), new GateInterval(Points(share - half), Points(share + half)));
    }

    // Of a rise of squared errors to that of the root, in percent.
    private static double Points(double share) => 100 * (Math.Sqrt(Math.Max(0, 1 + share)) - 1);
}
