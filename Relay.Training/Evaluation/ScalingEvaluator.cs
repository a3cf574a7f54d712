using Relay.Training.Models;
using Shared.Contracts.Models;

namespace Relay.Training.Evaluation;

/// <summary>Measures how far scaled columns are from mean 0 and variance 1.</summary>
public static class ScalingEvaluator
{
    /// <param name="train">The training rows before scaling, an array per column.</param>
    /// <param name="heldOut">The held-out rows alike.</param>
    public static ScalingMetrics Evaluate(ColumnScaler scaler, float[][] train, float[][] heldOut)
    {
        (double mean, double variance) = Worst(scaler, train);
        (double laterMean, double laterVariance) = Worst(scaler, heldOut);
        return new ScalingMetrics(heldOut[0].Length, mean, variance, laterMean, laterVariance, scaler.IsConstant.Count(c => c));
    }

    private static (double Mean, double Variance) Worst(ColumnScaler scaler, float[][] columns)
    {
        double worstMean = 0;
        double worstVariance = 0;
        float[][] scaled = scaler.Apply(columns);
        for (int c = 0; c < scaled.Length; c++)
        {
            ColumnMoments moments = ColumnMoments.Compute(scaled[c]);
            if (moments.Count > 0)
            {
                worstMean = Math.Max(worstMean, Math.Abs(moments.Mean));
                worstVariance = scaler.IsConstant[c] ? worstVariance : Math.Max(worstVariance, Math.Abs(moments.Variance - 1));
            }
        }

        return (worstMean, worstVariance);
    }
}
