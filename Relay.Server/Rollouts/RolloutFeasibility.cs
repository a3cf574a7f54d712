using System.Globalization;
using Relay.Server.Rollouts.Evidence;
using Relay.Server.Rollouts.Planning;

namespace Relay.Server.Rollouts;

/// <summary>Finds stages that can never pass, because the fleet has too few nodes: a rollout would wait in them until it times out. Pure.</summary>
internal static class RolloutFeasibility
{
    private const int Steps = 10_000;

    /// <summary>What is wrong with the stages for a fleet of so many nodes; null when each can pass.</summary>
    public static string? FindError(RolloutRule rule, long nodes)
    {
        for (int stage = 0; stage < rule.Stages.Count; stage++)
        {
            double percentage = rule.Stages[stage].Percentage;
            if (CanPass(rule, nodes, percentage, stage + 1))
            {
                continue;
            }

            string counted = string.Create(
                CultureInfo.InvariantCulture,
                $"the stage of {percentage}% has {CohortOf(nodes, percentage)} of the channel's {nodes} nodes, which can never pass");
            return FindSmallest(rule, nodes, stage + 1) is { } smallest
                ? string.Create(CultureInfo.InvariantCulture, $"{counted}; the smallest percentage that can is {smallest}%")
                : $"{counted}, and no percentage can: give wider margins, fewer 'minNodes' or 'tolerated', or publish without a rollout";
        }

        return null;
    }

    /// <summary>True when nodes that report no harm at all would pass.</summary>
    private static bool CanPass(RolloutRule rule, long nodes, double percentage, int round)
    {
        long candidates = CohortOf(nodes, percentage);
        ArmCounts best = new(BinCounts.From([(0, candidates)]), BinCounts.From([(0, nodes - candidates)]));
        RoundEvidence evidence = new(round, rule.Evidence.Metrics.ToDictionary(metric => metric.Name, _ => best));
        return EvidenceTest.Evaluate(rule.Evidence, evidence, hasControl: percentage < 100).Verdict == Verdict.Pass;
    }

    private static double? FindSmallest(RolloutRule rule, long nodes, int round)
    {
        (int low, int high) = (0, Steps / 2);
        if (!CanPass(rule, nodes, PercentageOf(high), round))
        {
            return CanPass(rule, nodes, 100, round) ? 100 : null;
        }

        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = CanPass(rule, nodes, PercentageOf(middle), round) ? (low, middle) : (middle, high);
        }

        return PercentageOf(high);
    }

    private static double PercentageOf(int step) => step * 100.0 / Steps;

    private static long CohortOf(long nodes, double percentage) => (long)Math.Round(nodes * percentage / 100);
}
