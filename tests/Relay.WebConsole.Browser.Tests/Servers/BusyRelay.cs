using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using SimulatedFleet;
using LightFleet = SimulatedFleet.Fleet;

[assembly: AssemblyFixture(typeof(Relay.WebConsole.Browser.Tests.Servers.BusyRelay))]

namespace Relay.WebConsole.Browser.Tests.Servers;

/// <summary>A relay at work, for tests that only read: nodes report, a rollout runs on one channel and was halted on another, and runs have curves
/// and logs.</summary>
public sealed class BusyRelay : SharedRelay
{
    public const string RunningChannel = "stable";
    public const string HaltedChannel = "beta";

    /// <summary>A node that gets the candidate of the running rollout or not.</summary>
    public const string Node = "node-1";

    private const int Nodes = 40;

    private readonly List<LightFleet> _fleets = [];

    /// <summary>The number of a run with a validation loss.</summary>
    public long BoostedRun { get; private set; }

    /// <summary>The number of a run that a gate refused.</summary>
    public long RefusedRun { get; private set; }

    /// <summary>The number of a rollout that goes on for as long as the relay.</summary>
    public long RunningRollout { get; private set; }

    public long HaltedRollout { get; private set; }

    public override async ValueTask DisposeAsync()
    {
        foreach (LightFleet fleet in _fleets)
        {
            await fleet.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    private static ModelSpec Boosted => SmallModel.Spec() with
    {
        Algorithm = ModelAlgorithm.GradientBoosting,
        Parameters = new ModelParameters { Trees = 60, Depth = 3, Seed = 7, EarlyStoppingRounds = 15, ValidationFraction = 0.2 },
    };

    private static ModelSpec Refused => SmallModel.Spec() with
    {
        Gates = new Dictionary<string, GateBounds> { ["file-size"] = new() { Fail = 1 } },
    };

    protected override async Task<TestRelay> StartAsync()
    {
        TestRelay relay = await TestRelay.StartAsync();
        ModelVersion first = await relay.TrainSmallAsync();
        ModelVersion second = await relay.TrainAsync(Boosted, SmallModel.Data);
        BoostedRun = (await relay.Admin.GetFromJsonAsync(
            $"{Routes.Models}/{second.Name}/versions/{second.Version}", RelayApiJson.Default.VersionDetail))!.Version.TrainingRun;
        TrainingRun refused = await relay.StartTrainingAsync(Refused, SmallModel.Data, accept: []);
        RefusedRun = (await relay.WaitForRunAsync(refused.Id, run => run.IsFinished)).Id;
        RunningRollout = await StartRolloutAsync(relay, RunningChannel, "node", first, second);
        HaltedRollout = await StartRolloutAsync(relay, HaltedChannel, "trial", first, second);
        using HttpResponseMessage halted = await relay.Admin.PostAsync($"{Routes.RolloutOf(HaltedRollout)}/halt", null);
        halted.EnsureSuccessStatusCode();
        await Eventually.GetAsync(() => FindAsync(relay, HaltedRollout), rollout => rollout.FinishedAt is not null, "the rollout went back");
        return relay;
    }

    private async Task<long> StartRolloutAsync(TestRelay relay, string channel, string prefix, ModelVersion first, ModelVersion second)
    {
        await relay.PublishAsync(channel, first);
        _fleets.Add(await LightFleet.StartAsync(
            new FleetOptions
            {
                Relay = relay.Address,
                TlsRoot = relay.CertificateAuthority,
                TrustedRoot = relay.TrustedRoot,
                EnrollmentToken = await relay.CreateEnrollmentTokenAsync(Nodes),
                Channel = channel,
                Nodes = Nodes,
                NamePrefix = prefix,
                Behavior = static (_, _) => new UsageFigures(Calls: 50, Failures: 0),
            },
            TimeProvider.System, CancellationToken.None));
        RolloutRuleView rule = new()
        {
            Stages = [new(50, 600, 1200), new(100, 600, 1200)],
            RoundSeconds = 10,
            MinNodes = 10,
            Metrics = [new() { Name = "failures", Kind = "Failures", Cap = 0.1, Harm = 0.01, PassMargin = 0.05, MinWhole = 20 }],
        };
        using HttpResponseMessage started = await relay.Admin.PostAsJsonAsync(
            Routes.Rollouts, new RolloutRequest { Channel = channel, Models = [second], Rule = rule }, RelayApiJson.Default.RolloutRequest);
        started.EnsureSuccessStatusCode();
        return (await started.Content.ReadFromJsonAsync(RelayApiJson.Default.RolloutView))!.Id;
    }

    private static async Task<RolloutView> FindAsync(TestRelay relay, long rollout) =>
        (await relay.Admin.GetFromJsonAsync(Routes.RolloutOf(rollout), RelayApiJson.Default.RolloutView))!;
}
