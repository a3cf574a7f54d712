namespace Relay.Server.Rollouts.Planning;

/// <summary>How a stage is reached step by step, one step a minute: the first adds <paramref name="Start"/>, each later one
/// <paramref name="Factor"/> times the one before, and none more than <paramref name="MaxPerMinute"/>.</summary>
/// <param name="Start">Percent of the nodes.</param>
/// <param name="MaxPerMinute">Percent of the nodes.</param>
internal sealed record RampRule(double Start, double Factor, double MaxPerMinute)
{
    public string? FindError() =>
        Start is not (>= 0.01 and <= 100) ? "the ramp does not start with 0.01 to 100% a minute"
        : Factor is not (>= 1 and <= 10) ? "the factor of the ramp is not from 1 to 10"
        : !(MaxPerMinute >= Start && MaxPerMinute <= 100) ? "the highest step of the ramp is not from its first one to 100%"
        : null;

    /// <summary>The percentage after some time; the steps are at its whole minutes, the first at once.</summary>
    public double PercentageAfter(TimeSpan time, double from, double target)
    {
        double percentage = from;
        double step = Start;
        for (long minute = 0; minute <= (long)time.TotalMinutes && percentage < target; minute++)
        {
            percentage += Math.Min(step, MaxPerMinute);
            step = Math.Min(step * Factor, MaxPerMinute);
        }

        return percentage >= target ? target : Math.Floor((percentage * 100) + 1e-6) / 100;
    }
}
