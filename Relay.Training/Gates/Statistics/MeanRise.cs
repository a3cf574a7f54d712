using Relay.Training.Evaluation;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Statistics;

/// <summary>By how much a mean rises, as a share of what it was on the same rows. The interval is that of a ratio of two means (delta method): what
/// it was varies with the rows, too.</summary>
internal static class MeanRise
{
    /// <param name="before">Per row, at least one.</param>
    /// <param name="after">Per row.</param>
    /// <param name="floor">A mean below this counts as this.</param>
    public static (double Before, double Share, GateInterval Interval) Measure(double[] before, double[] after, double floor)
    {
        double was = before.Sum() / before.Length;
        double rise = before.Zip(after, (b, a) => a - b).Sum() / before.Length;
        double unit = Math.Max(was, floor);
        double share = rise / unit;
        double varying = was > floor ? share : 0;
        (double _, GateInterval residuals) = Proportions.Mean([.. before.Zip(after, (b, a) => a - b - (varying * (b - was)))]);
        return (was, share, new GateInterval(residuals.Low / unit, residuals.High / unit));
    }
}
