using Shared.Contracts.Api;

namespace Demo;

/// <summary>The rule of both rollouts of the demonstration: four stages, failed calls, and the share of one label.</summary>
internal static class RolloutTrialRule
{
    private const int MaxSeconds = 120;

    // Nodes of earlier stages count in later ones, too: without a least time, a stage would pass before its own nodes run the version.
    private const int MinSeconds = 3;

    /// <param name="label">The label whose share is compared.</param>
    /// <param name="share">What its share usually is. A node's value is cut at three times as much.</param>
    public static RolloutRuleView Create(string label, double share)
    {
        double cap = Math.Clamp(3 * share, 0.1, 1);
        return new RolloutRuleView
        {
            Stages = [.. new double[] { 25, 50, 75, 100 }.Select(percentage => new RolloutStageView(percentage, MinSeconds, MaxSeconds))],
            RoundSeconds = 10,
            MinNodes = 20,
            Tolerated = 0,
            Metrics =
            [
                new()
                {
                    Name = "failures", Kind = "Failures", Cap = 0.1, Harm = 0.01, PassMargin = 0.05, MinWhole = FleetTraffic.CallsPerReport,
                },
                new()
                {
                    Name = "label-share", Kind = "Label", Label = label, Cap = cap, Harm = 0.2 * cap, PassMargin = 0.6 * cap,
                    MinWhole = FleetTraffic.CallsPerReport,
                },
            ],
        };
    }
}
