namespace Relay.Server.Rollouts.Planning;

/// <summary>A step of a rollout: a percentage of the nodes, and how long it stays.</summary>
/// <param name="Percentage">Of the nodes, in steps of 0.01.</param>
/// <param name="MinTime">The time at the percentage before the next stage, whatever the evidence says.</param>
/// <param name="MaxWait">The time at the percentage after which the rollout is halted when the stage has not passed.</param>
internal sealed record RolloutStage(double Percentage, TimeSpan MinTime, TimeSpan MaxWait)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(90);

    public string? FindError() =>
        Percentage is not (>= 0.01 and <= 100) || Math.Abs((Percentage * 100) - Math.Round(Percentage * 100)) > 1e-6
            ? $"a stage of {Percentage}% is not from 0.01 to 100 in steps of 0.01"
        : MinTime < TimeSpan.Zero ? $"the least time of the stage of {Percentage}% is negative"
        : MaxWait <= MinTime
            || MaxWait > LongestWait ? $"the longest wait of the stage of {Percentage}% is not above its least time and at most 90 days"
        : null;
}
