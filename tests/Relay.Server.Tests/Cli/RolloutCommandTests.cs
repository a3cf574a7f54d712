using Relay.Server.Tests.Rollouts;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Cli;

public sealed class RolloutCommandTests : IAsyncLifetime
{
    private RolloutRelay _relay = null!;

    public async ValueTask InitializeAsync() => _relay = await RolloutRelay.StartAsync();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task StatusPauseHaltAndHistory_BesideARunningRelay_SayWhatTheRolloutDoes()
    {
        RelayCommandRun none = await RunAsync("status");
        RolloutView begun = await _relay.BeginAsync();
        string id = $"{begun.Id}";

        RelayCommandRun all = await RunAsync("status");
        RelayCommandRun one = await RunAsync("status", id);
        RelayCommandRun paused = await RunAsync("pause", id);
        RelayCommandRun halted = await RunAsync("halt", id);
        await _relay.WaitAsync(begun.Id, rollout => rollout.FinishedAt is not null);
        RelayCommandRun again = await RunAsync("halt", id);
        RelayCommandRun history = await RunAsync("history", id);

        Assert.Equal([0, 0, 0, 0, 0, 1, 0], new[] { none, all, one, paused, halted, again, history }.Select(run => run.Code));
        Assert.Equal("There is no rollout yet.", none.Output.Trim());
        Assert.Contains("running", Assert.Single(all.Output.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Contains("failures", one.Output, StringComparison.Ordinal);
        Assert.Contains("paused", paused.Output, StringComparison.Ordinal);
        Assert.Contains("is over", again.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["started", "published", "paused", "halted", "returned"],
            history.Output.Trim().Split('\n').Select(line => line.Split("  ")[1].Trim()));
    }

    [Theory]
    [InlineData("{\"stagez\": []}", "line 1, column 11, path $.stagez: there is no member 'stagez' here.")]
    [InlineData("{\"metrics\": [{\"name\": \"x\", \"kind\": \"Failures\", \"cap\": 1, \"harms\": 0.1}]}", "there is no member 'harms' here.")]
    [InlineData("{\"alpha\": 0.05, \"alpha\": 0.5}", "the member 'alpha' stands here twice.")]
    [InlineData("null", "null is no rule")]
    public async Task Start_RuleWithASpellingMistake_SaysWhereAndStartsNothing(string rule, string expected)
    {
        using TemporaryFolder folder = new();
        string file = folder.Combine("rule.json");
        await File.WriteAllTextAsync(file, rule, TestContext.Current.CancellationToken);

        RelayCommandRun run = await RunAsync("start", "--release", "1", "--rule", file);

        Assert.Equal(1, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal("There is no rollout yet.", (await RunAsync("status")).Output.Trim());
    }

    private Task<RelayCommandRun> RunAsync(params string[] arguments) => RelayCommandRun.OnAsync(_relay.Relay, ["rollout", .. arguments]);
}
