namespace Relay.Server.Rollouts.Evidence;

/// <summary>The second, plain rule, for rare events: too many nodes of the candidate arm have a value above a bound. It compares with no
/// control and has no error rate.</summary>
/// <param name="Metric">The metric whose values count, which may be a watched one.</param>
/// <param name="Above">A node counts when its value is above this.</param>
/// <param name="Share">The share of the arm's nodes that is too many, from 0 to below 1.</param>
/// <param name="MinCount">Fewer nodes are never too many. More than the tolerated number, or it could not be cleared.</param>
internal sealed record ThresholdRule(string Metric, double Above, double Share, int MinCount)
{
    public string? FindError(int tolerated) =>
        Above is not (>= 0 and < 1) ? $"the threshold of metric '{Metric}' counts values above something that is not from 0 to below 1"
        : Share is not (>= 0 and < 1) ? $"the share of the threshold of metric '{Metric}' is not from 0 to below 1"
        : MinCount <= tolerated ? $"the threshold of metric '{Metric}' has a least count of {MinCount}, which is not above " +
            $"the {tolerated} tolerated nodes"
        : null;
}
