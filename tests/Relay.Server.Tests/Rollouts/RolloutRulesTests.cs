using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Relay.Server.Rollouts;
using Relay.Server.Rollouts.Planning;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Rollouts;

public sealed partial class RolloutRulesTests
{
    [Fact]
    public void Create_WithoutARequest_IsSoundForALargeFleet()
    {
        RolloutRule rule = RolloutRules.Create(null, candidate: 2, control: 1, RolloutScene.Salt, tolerated: 1, out string? error)!;

        Assert.Null(error);
        Assert.Null(rule.FindError());
        Assert.Equal([1, 10, 50, 100], rule.Stages.Select(stage => stage.Percentage));
        Assert.Null(RolloutFeasibility.FindError(rule, 10_000));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(1_000)]
    public void FindError_FleetTooSmallForTheDefault_SaysSo(long nodes)
    {
        RolloutRule rule = RolloutRules.Create(null, candidate: 2, control: 1, RolloutScene.Salt, tolerated: 0, out _)!;

        Assert.NotNull(RolloutFeasibility.FindError(rule, nodes));
    }

    /// <summary>What the guide says of the sizes of fleets.</summary>
    [Theory]
    [InlineData(200, 0, "50,100")]
    [InlineData(6_000, 0, "1,10,50,100")]
    [InlineData(7_000, 1, "1,10,50,100")]
    public void FindError_FleetsOfTheGuide_CanPass(long nodes, int tolerated, string stages)
    {
        RolloutRuleView view =
            new() { Stages = [.. stages.Split(',').Select(part => new RolloutStageView(int.Parse(part, CultureInfo.InvariantCulture)))] };
        RolloutRule rule = RolloutRules.Create(view, candidate: 2, control: 1, RolloutScene.Salt, tolerated, out _)!;

        Assert.Null(RolloutFeasibility.FindError(rule, nodes));
    }

    [Fact]
    public void Guide_Rule_IsReadAndComesBackTheSame()
    {
        string guide = File.ReadAllText(RepositoryRoot.Combine("docs", "guides", "rollouts.md"));
        RolloutRuleView view = JsonSerializer.Deserialize(JsonBlock().Match(guide).Groups[1].Value, RelayApiJson.Default.RolloutRuleView)!;

        RolloutRule rule = RolloutRules.Create(view, candidate: 2, control: 1, RolloutScene.Salt, tolerated: 0, out string? error)!;

        Assert.Null(error);
        Assert.Null(rule.FindError());
        Assert.Equal(
            JsonSerializer.Serialize(view, RelayApiJson.Default.RolloutRuleView),
            JsonSerializer.Serialize(RolloutRules.ToView(rule), RelayApiJson.Default.RolloutRuleView));
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
