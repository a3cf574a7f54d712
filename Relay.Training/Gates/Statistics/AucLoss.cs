using Shared.Contracts.Models;

namespace Relay.Training.Gates.Statistics;

/// <summary>How much the area under the ROC curve of anomaly scores falls.</summary>
internal static class AucLoss
{
    /// <param name="full">Per row, the higher the more anomalous.</param>
    /// <param name="small">As <paramref name="full"/>.</param>
    /// <returns>Null where the rows are not of both kinds.</returns>
    public static LossEstimate? Measure(bool[] isAnomaly, float[] full, float[] small) =>
        PairedAuc.Compare([isAnomaly], [full], [small]) is { } found
            ? new LossEstimate(
                found.First, found.Second, 100 * (found.First - found.Second),
                new GateInterval(100 * found.Difference.Low, 100 * found.Difference.High))
            : null;
}
