using Relay.Server.Rollouts.Planning;

namespace Relay.Server.Tests.Rollouts.Planning;

public sealed class RolloutRuleTests
{
    private static readonly RolloutRule Rule = RolloutRules.Create();
    private static readonly RolloutStage Last = Rule.Stages[^1];

    public static TheoryData<string> WrongRules => [.. Wrong.Keys];

    private static Dictionary<string, RolloutRule> Wrong { get; } = new()
    {
        ["no candidate"] = Rule with { Candidate = 0 },
        ["candidate is the control"] = Rule with { Control = 8 },
        ["candidate is returned to"] = Rule with { ReturnTo = 8 },
        ["salt empty"] = Rule with { Salt = "" },
        ["salt of two lines"] = Rule with { Salt = "a\nb" },
        ["salt long"] = Rule with { Salt = new('a', 129) },
        ["no stage"] = Rule with { Stages = [] },
        ["null stage"] = Rule with { Stages = [null!, Last] },
        ["21 stages"] = Rule with { Stages = [.. Enumerable.Range(1, 20).Select(i => Last with { Percentage = i }), Last] },
        ["not to the end"] = Rule with { Stages = [Last with { Percentage = 50 }] },
        ["falling"] = Rule with { Stages = [Last with { Percentage = 50 }, Last with { Percentage = 10 }, Last] },
        ["equal"] = Rule with { Stages = [Last with { Percentage = 50 }, Last with { Percentage = 50 }, Last] },
        ["0%"] = Rule with { Stages = [Last with { Percentage = 0 }, Last] },
        ["NaN%"] = Rule with { Stages = [Last with { Percentage = double.NaN }, Last] },
        ["0.005%"] = Rule with { Stages = [Last with { Percentage = 0.015 }, Last] },
        ["negative time"] = Rule with { Stages = [Last with { MinTime = TimeSpan.FromSeconds(-1) }] },
        ["wait not above the least time"] = Rule with { Stages = [Last with { MaxWait = Last.MinTime }] },
        ["wait of years"] = Rule with { Round = TimeSpan.FromDays(1), Stages = [Last with { MaxWait = TimeSpan.FromDays(91) }] },
        ["short round"] = Rule with { Round = TimeSpan.FromSeconds(0.5) },
        ["many rounds"] = Rule with { Round = TimeSpan.FromSeconds(10) },
        ["ramp 0"] = Rule with { Ramp = new(0, 2, 1) },
        ["ramp factor"] = Rule with { Ramp = new(1, 0.5, 1) },
        ["ramp maximum"] = Rule with { Ramp = new(1, 2, 0.5) },
        ["ramp NaN"] = Rule with { Ramp = new(1, double.NaN, double.NaN) },
        ["empty window"] = Rule with { Window = new(new(1, 0), new(1, 0)) },
        ["evidence"] = Rule with { Evidence = Rule.Evidence with { Alpha = 1 } },
    };

    [Fact]
    public void FindError_RuleOfTheTests_IsNull() => Assert.Null(Rule.FindError());

    [Theory]
    [MemberData(nameof(WrongRules))]
    public void FindError_WrongRule_SaysWhat(string name) => Assert.NotNull(Wrong[name].FindError());
}
