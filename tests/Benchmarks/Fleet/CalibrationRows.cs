using System.Globalization;
using Relay.Server.Rollouts.Evidence;
using Relay.TestKit.Rollouts;

namespace Benchmarks.Fleet;

/// <summary>How often the test that stops rollouts is wrong, and how often it sees harm, on simulated rollouts.</summary>
internal static class CalibrationRows
{
    private const int Rollouts = 1000;
    private const double Share = 0.01;
    private const double Concentration = 50;
    private const double Harm = 0.02;

    public static Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<BenchRow>>(() => [FalseHalts(), Power()], cancellationToken);

    private static BenchRow FalseHalts()
    {
        EvidenceRule rule = EvidenceRules.Create();
        int halted = Simulate(rule, added: 0);
        return BenchRow.LowerIsBetter(
            "fleet.false-halts.share", (double)halted / Rollouts, null, "share",
            $"rollouts of a harmless model that halt, {Describe(halted)}; the rule's alpha is {Text(rule.Alpha)}");
    }

    /// <summary>A rule of three metrics, of which two have no data, so that each has a third of the error rate.</summary>
    private static BenchRow Power()
    {
        int halted = Simulate(EvidenceRules.Create(0, 0.05, EvidenceRules.Metric("other"), EvidenceRules.Metric("another")), Harm);
        return BenchRow.HigherIsBetter(
            "fleet.power", (double)halted / Rollouts, null, "share",
            $"rollouts of a model with {Text(Harm * 100)} points more failures that halt in the first stage, {Describe(halted)}");
    }

    private static int Simulate(EvidenceRule rule, double added) =>
        new SimulatedRollouts(rule) { Share = Share, Concentration = Concentration, Added = added }.Count(Verdict.Fail, Rollouts);

    private static string Describe(int halted)
    {
        (double low, double high) = ClopperPearson.Interval(halted, Rollouts);
        return $"{halted} of {Rollouts} simulated ones at 1% of 10,000 nodes, 95% interval {Text(low)} to {Text(high)} (Clopper-Pearson); "
            + $"{Text(Share * 100)}% of calls fail on average, differently on each node";
    }

    private static string Text(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
