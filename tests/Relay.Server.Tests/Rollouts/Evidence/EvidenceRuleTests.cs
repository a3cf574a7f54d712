using System.Text.Json;
using Relay.Server.Rollouts;
using Relay.Server.Rollouts.Evidence;
using Relay.TestKit.Rollouts;

namespace Relay.Server.Tests.Rollouts.Evidence;

public sealed class EvidenceRuleTests
{
    private static readonly EvidenceRule Rule = EvidenceRules.Create();
    private static readonly MetricRule Metric = Rule.Metrics[0];

    public static TheoryData<string> WrongRules => [.. Wrong.Keys];

    private static Dictionary<string, EvidenceRule> Wrong { get; } = new()
    {
        ["alpha 0"] = Rule with { Alpha = 0 },
        ["alpha NaN"] = Rule with { Alpha = double.NaN },
        ["alpha large"] = Rule with { Alpha = 0.5 },
        ["tolerated negative"] = Rule with { Tolerated = -1 },
        ["no nodes"] = Rule with { MinNodes = 0 },
        ["no metric"] = Rule with { Metrics = [] },
        ["only watched"] = Rule with { Metrics = [Metric with { Watch = true }] },
        ["same name"] = Rule with { Metrics = [Metric, Metric] },
        ["17 metrics"] = Rule with { Metrics = [.. Enumerable.Range(0, 17).Select(i => Metric with { Name = $"m{i}" })] },
        ["null metric"] = Rule with { Metrics = [Metric, null!] },
        ["name with a line feed"] = With(Metric with { Name = "a\nb" }),
        ["name empty"] = With(Metric with { Name = "" }),
        ["cap 0"] = With(Metric with { Cap = 0 }),
        ["cap above 1"] = With(Metric with { Cap = 1.1 }),
        ["harm negative"] = With(Metric with { Harm = -0.001 }),
        ["harm NaN"] = With(Metric with { Harm = double.NaN }),
        ["harm at the cap"] = With(Metric with { Harm = 0.05, PassMargin = 0.05 }),
        ["margin below harm"] = With(Metric with { PassMargin = 0.004 }),
        ["margin 0"] = With(Metric with { Harm = 0, PassMargin = 0 }),
        ["few calls"] = With(Metric with { MinWhole = 19 }),
        ["no label"] = With(Metric with { Kind = MetricKind.Label }),
        ["no bound"] = With(Metric with { Kind = MetricKind.Slow }),
        ["unknown threshold"] = Rule with { Thresholds = [new("other", 0, 0.1, 5)] },
        ["threshold within tolerance"] = Rule with { Tolerated = 3, Thresholds = [new(EvidenceRules.Failures, 0, 0.1, 3)] },
        ["threshold share"] = Rule with { Thresholds = [new(EvidenceRules.Failures, 0, 1, 3)] },
    };

    [Fact]
    public void FindError_RuleOfTheTests_IsNull() => Assert.Null(Rule.FindError());

    [Theory]
    [MemberData(nameof(WrongRules))]
    public void FindError_WrongRule_SaysWhat(string name) => Assert.NotNull(Wrong[name].FindError());

    [Fact]
    public void Json_RuleEvidenceVerdictAndTally_ReadBackAsWritten()
    {
        EvidenceRule rule = Rule with { Thresholds = [new(EvidenceRules.Failures, 0.04, 0.02, 2)] };
        RoundEvidence evidence = EvidenceRules.Round(EvidenceRules.Counts((0, 100), (128, 1)), EvidenceRules.Counts((3, 900)));
        NodeTally tally =
            NodeTally.Empty.Add(rule, "salt", "node", 2, 5, new Dictionary<string, ShareCount> { [EvidenceRules.Failures] = new(1, 10) }).Tally;

        EvidenceRule readRule =
            JsonSerializer.Deserialize(JsonSerializer.Serialize(rule, RolloutJson.Default.EvidenceRule), RolloutJson.Default.EvidenceRule)!;
        RoundEvidence readEvidence =
            JsonSerializer.Deserialize(JsonSerializer.Serialize(evidence, RolloutJson.Default.RoundEvidence), RolloutJson.Default.RoundEvidence)!;
        string verdict = JsonSerializer.Serialize(EvidenceTest.Evaluate(rule, evidence), RolloutJson.Default.RoundVerdict);
        NodeTally readTally =
            JsonSerializer.Deserialize(JsonSerializer.Serialize(tally, RolloutJson.Default.NodeTally), RolloutJson.Default.NodeTally)!;

        Assert.Equal(rule.Metrics, readRule.Metrics);
        Assert.Equal(rule.Thresholds, readRule.Thresholds);
        Assert.Equal(verdict, JsonSerializer.Serialize(EvidenceTest.Evaluate(readRule, readEvidence), RolloutJson.Default.RoundVerdict));
        Assert.Equal(verdict, JsonSerializer.Serialize(
            JsonSerializer.Deserialize(verdict, RolloutJson.Default.RoundVerdict)!, RolloutJson.Default.RoundVerdict));
        Assert.Equal((2, 5, new ShareCount(1, 10)), (readTally.Round, readTally.LastWindow, readTally.Open[EvidenceRules.Failures]));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"129\":1}")]
    [InlineData("{\"-1\":1}")]
    [InlineData("{\"x\":1}")]
    [InlineData("{\"1\":-1}")]
    [InlineData("{\"1\":1.5}")]
    [InlineData("{\"1\":\"1\"}")]
    [InlineData("{\"1\":9223372036854775807,\"2\":9223372036854775807}")]
    public void Json_CountsThatCannotBe_AreRefused(string counts) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(
        $"{{\"round\":1,\"metrics\":{{\"failures\":{{\"candidate\":{counts},\"control\":{{}}}}}}}}", RolloutJson.Default.RoundEvidence));

    private static EvidenceRule With(MetricRule metric) => Rule with { Metrics = [metric] };
}
