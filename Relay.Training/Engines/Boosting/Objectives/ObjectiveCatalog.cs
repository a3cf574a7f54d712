using Relay.Training.Engines.Binning;

namespace Relay.Training.Engines.Boosting.Objectives;

/// <summary>Which objective a training set asks for.</summary>
internal static class ObjectiveCatalog
{
    /// <param name="rows">The rows that are learned from; base values come from them.</param>
    public static IObjective Create(BinnedRows data, RoundRows rows, IntegerWeights weights, int classes)
    {
        if (data.Targets is not null)
        {
            return new SquaredObjective(data, rows, weights.BitsOfTotal);
        }

        double[] logShares = LogLoss.LogShares(data, rows, classes);
        return classes == 2
            ? new LogisticObjective(data.Labels, (float)(logShares[1] - logShares[0]))
            : new SoftmaxObjective(data.Labels, [.. logShares.Select(share => (float)share)]);
    }
}
