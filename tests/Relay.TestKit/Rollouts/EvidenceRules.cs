using Relay.Server.Rollouts.Evidence;

namespace Relay.TestKit.Rollouts;

/// <summary>The rule of the tests: failed calls, half a point is the harm bound and one point the pass margin.</summary>
internal static class EvidenceRules
{
    public const string Failures = "failures";

    public static EvidenceRule Create(int tolerated = 0, double alpha = 0.05, params MetricRule[] more) => new()
    {
        Alpha = alpha,
        Tolerated = tolerated,
        MinNodes = 20,
        Metrics = [Metric(Failures), .. more],
        Thresholds = [],
    };

    public static MetricRule Metric(string name, bool watch = false, HarmDirection direction = HarmDirection.Higher) => new()
    {
        Name = name,
        Kind = MetricKind.Failures,
        Cap = 0.05,
        Harm = 0.005,
        PassMargin = 0.01,
        Direction = direction,
        Watch = watch,
        MinWhole = 20,
    };

    public static RoundEvidence Round(BinCounts candidate, BinCounts control, string metric = Failures, int round = 1) =>
        new(round, new Dictionary<string, ArmCounts> { [metric] = new(candidate, control) });

    /// <summary>Nodes in bins, as pairs.</summary>
    public static BinCounts Counts(params (int Bin, long Count)[] pairs) => BinCounts.From(pairs);
}
