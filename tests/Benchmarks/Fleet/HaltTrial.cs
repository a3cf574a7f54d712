using System.Diagnostics;
using Relay.Server.Cli;
using Shared.Contracts.Api;
using SimulatedFleet;

namespace Benchmarks.Fleet;

/// <param name="LastNodeMs">From the send of the report that was needed until the last node was back.</param>
/// <param name="Nodes">Nodes that ran the bad release.</param>
/// <param name="Reports">Reports of the bad release until the verdict.</param>
/// <param name="Downloads">Artifacts that were fetched to go back.</param>
internal sealed record HaltTime(double LastNodeMs, int Nodes, int Reports, int Downloads);

/// <summary>Rolls out a version that fails to a quarter of a fleet. Its nodes report one by one, and after each report the relay is asked for the
/// verdict: the report after which it is fail is the last one that was needed.</summary>
internal sealed class HaltTrial(SimulatedFleet.Fleet fleet, RelayApi admin)
{
    private const int Calls = 100;
    private const int FailedCalls = 50;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly RolloutRuleView Rule = new()
    {
        Stages = [new(25, 0, 600), new(100, 0, 600)],
        RoundSeconds = 600,
        MinNodes = 20,
        Tolerated = 0,
        Metrics = [new() { Name = "failures", Kind = "Failures", Cap = 0.1, Harm = 0.01, PassMargin = 0.05, MinWhole = Calls }],
    };

    /// <summary>The last version fails; the others do not.</summary>
    public static UsageFigures Answer(LightNode node, RunningModel model) =>
        new(Calls, model.Version == LightFleetSuite.Versions ? FailedCalls : 0);

    public async Task<HaltTime> RunAsync(CancellationToken cancellationToken)
    {
        fleet.ClearJournal();
        RolloutView rollout = await admin.PostAsync(
            Routes.Rollouts,
            new RolloutRequest { Channel = LightFleetSuite.Channel, Models = [LightFleetSuite.Version(LightFleetSuite.Versions)], Rule = Rule },
            RelayApiJson.Default.RolloutRequest, RelayApiJson.Default.RolloutView, cancellationToken);
        await fleet.RefreshAsync(cancellationToken);
        LightNode[] bad = [.. fleet.Nodes.Where(node => node.Release == rollout.Candidate)];
        await Parallel.ForEachAsync(fleet.Nodes.Except(bad), cancellationToken, async (node, token) => await node.ReportAsync(token));

        (int reports, long sent) = (0, 0);
        while (rollout.Verdict != "fail" && rollout.FinishedAt is null && reports < bad.Length)
        {
            sent = Stopwatch.GetTimestamp();
            await bad[reports++].ReportAsync(cancellationToken);
            rollout = await admin.GetAsync(Routes.RolloutOf(rollout.Id), RelayApiJson.Default.RolloutView, cancellationToken);
        }

        await fleet.WaitAsync(
            "the release before on all nodes", Deadline, () => fleet.CountOn(rollout.Base) == LightFleetSuite.Nodes, cancellationToken);
        FleetEvent[] back = [.. fleet.Journal.Where(e => e.Kind == FleetEventKind.Activated && e.Release == rollout.Base)];
        await WaitForEndAsync(rollout.Id, cancellationToken);
        return new HaltTime(
            Stopwatch.GetElapsedTime(sent, back.Max(e => e.Timestamp)).TotalMilliseconds, bad.Length, reports, back.Sum(e => e.Downloads));
    }

    private async Task WaitForEndAsync(long id, CancellationToken cancellationToken)
    {
        while ((await admin.GetAsync(Routes.RolloutOf(id), RelayApiJson.Default.RolloutView, cancellationToken)).FinishedAt is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }
}
