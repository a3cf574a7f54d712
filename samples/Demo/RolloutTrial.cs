using System.Globalization;
using Shared.Contracts.Api;
using SimulatedFleet;

namespace Demo;

/// <summary>Two rollouts to a fleet of simulated nodes on a channel of their own: a good version goes through all stages, and one that misjudges is
/// taken back by the relay.</summary>
internal sealed class RolloutTrial(DemoStage stage, AddedMisjudgment bad, TimeProvider timeProvider)
{
    public const int Nodes = 200;

    private const string Channel = "branches";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private string Model => stage.Model.Spec.Name;

    /// <param name="first">The version that the nodes start with.</param>
    /// <param name="good">The version that the good rollout brings.</param>
    public async Task<DemoRollouts> RunAsync(int first, int good, CancellationToken cancellationToken)
    {
        ChannelView channel = await stage.Relay.PublishAsync(Channel, Model, first, cancellationToken);
        stage.Progress.WriteLine($"publish  version {first} signed into release {channel.Release} of a second channel, {Channel}");
        await using Fleet fleet = await Fleet.StartAsync(
            new FleetOptions
            {
                Relay = stage.Relay.Address,
                TlsRoot = stage.Relay.CertificateAuthority,
                TrustedRoot = stage.Relay.TrustedRoot,
                EnrollmentToken = (await File.ReadAllTextAsync(stage.Relay.EnrollmentTokenFile, cancellationToken)).Trim(),
                Channel = Channel,
                Nodes = Nodes,
                NamePrefix = "branch",
                Behavior = bad.Traffic.Answer,
            },
            timeProvider, cancellationToken);
        stage.Progress.WriteLine(
            $"fleet    {fleet.CountOn(channel.Release)} simulated nodes enrolled, verified version {first} and run it; " +
                $"each signs with a key of its own");
        DemoGoodRollout passed = await CompleteAsync(fleet, good, cancellationToken);
        return new DemoRollouts(passed, await TakeBackAsync(fleet, good, cancellationToken));
    }

    private async Task<DemoGoodRollout> CompleteAsync(Fleet fleet, int version, CancellationToken cancellationToken)
    {
        RolloutView rollout = await StartAsync(version, cancellationToken);
        int count = rollout.Rule.Stages!.Count;
        string[] percentages = [.. rollout.Rule.Stages.Select(s => s.Percentage.ToString(CultureInfo.InvariantCulture))];
        stage.Progress.WriteLine(
            $"rollout  {rollout.Id} brings version {version} to {string.Join(", ", percentages[..^1])} and {percentages[^1]} percent of the " +
                $"nodes, each stage only if the "
            + "one before did no harm");
        for (int passed = 1; passed <= count; passed++)
        {
            rollout = await WaitAsync(
                rollout.Id, view => view.FinishedAt is not null || view.Stage > passed, $"the end of stage {passed}", cancellationToken);
            if (rollout.Status is not ("running" or "completing" or "completed"))
            {
                throw new DemoException($"the rollout of version {version} is {rollout.Status}: {await ReasonAsync(rollout, cancellationToken)}");
            }

            if (passed < count)
            {
                int release = rollout.Candidate!.Value;
                stage.Progress.WriteShares(
                    $"rollout  stage {passed} of {count} passed: {fleet.CountOn(release)} nodes run version {version} and judge as the others do",
                        Shares(fleet));
            }
        }

        int last = rollout.Candidate!.Value;
        await fleet.WaitAsync($"version {version} on all nodes", Deadline, () => fleet.CountOn(last) == Nodes, cancellationToken);
        stage.Progress.WriteShares($"rollout  {rollout.Id} is complete: all {fleet.CountOn(last)} nodes run version {version}", Shares(fleet));
        return new DemoGoodRollout(rollout.Stage, fleet.CountOn(last));
    }

    private async Task<DemoBadRollout> TakeBackAsync(Fleet fleet, int before, CancellationToken cancellationToken)
    {
        fleet.ClearJournal();
        RolloutView rollout = await StartAsync(bad.Version, cancellationToken);
        stage.Progress.WriteLine(
            $"rollout  {rollout.Id} brings version {bad.Version}: it is signed, and its golden vectors hold, but it calls everything {bad.Label}");
        rollout = await WaitAsync(rollout.Id, view => view.FinishedAt is not null, "the end of the rollout", cancellationToken);
        await fleet.WaitAsync($"version {before} on all nodes", Deadline, () => fleet.CountOn(rollout.Base) == Nodes, cancellationToken);

        // A node that was in the middle of an update has now ended it.
        await fleet.RefreshAsync(cancellationToken);
        await fleet.WaitAsync($"version {before} on all nodes", Deadline, () => fleet.CountOn(rollout.Base) == Nodes, cancellationToken);
        IReadOnlyList<RolloutEventView> history = await stage.Relay.RolloutHistoryAsync(rollout.Id, cancellationToken);
        RolloutEventView halted = history.FirstOrDefault(e => e.Kind == "halted")
            ?? throw new DemoException($"the relay did not halt version {bad.Version}");
        ReturnOfFleet way = ReturnOfFleet.Read(fleet.Journal, rollout.Candidate!.Value, rollout.Base, halted.At);
        stage.Progress.WriteLine($"rollout  {rollout.Id} is halted by the relay in stage {rollout.Stage}: {halted.Detail}");
        stage.Progress.WriteShares(
            string.Create(
                CultureInfo.InvariantCulture,
                $"rollout  {way.Affected} of {Nodes} nodes had run version {bad.Version}; {way.Milliseconds:N0} ms after the last report all of " +
                    $"them ran version {before} again, ")
            + (way.Downloads == 0 ? "without a download" : $"with {way.Downloads} downloads"),
            Shares(fleet));
        return new DemoBadRollout(rollout.Status == "halted" && halted.Who == "relay", rollout.Stage, way.Affected, way.Milliseconds, way.Downloads);
    }

    private Task<RolloutView> StartAsync(int version, CancellationToken cancellationToken) => stage.Relay.StartRolloutAsync(
        new RolloutRequest { Channel = Channel, Models = [new ModelVersion(Model, version)], Rule = RolloutTrialRule.Create(bad.Label, bad.Share) },
        cancellationToken);

    private async Task<RolloutView> WaitAsync(long id, Predicate<RolloutView> isReached, string what, CancellationToken cancellationToken)
    {
        long start = timeProvider.GetTimestamp();
        while (true)
        {
            RolloutView rollout = await stage.Relay.RolloutAsync(id, cancellationToken);
            if (isReached(rollout))
            {
                return rollout;
            }

            if (timeProvider.GetElapsedTime(start) > Deadline)
            {
                throw new DemoException(
                    $"rollout {id} did not reach {what}: stage {rollout.Stage}, " +
                        $"{rollout.Verdict}{(rollout.WaitsFor is { } reason ? $", {reason}" : "")}");
            }

            await Task.Delay(Interval, timeProvider, cancellationToken);
        }
    }

    private async Task<string> ReasonAsync(RolloutView rollout, CancellationToken cancellationToken) =>
        (await stage.Relay.RolloutHistoryAsync(rollout.Id, cancellationToken)).FirstOrDefault(e => e.Kind is "halted" or "refused")?.Detail
            ?? "no reason";

    private static IReadOnlyList<(string Name, int Nodes)> Shares(Fleet fleet) =>
    [
        .. fleet.Nodes.SelectMany(node => node.Models).CountBy(model => model.Version).OrderBy(pair => pair.Key)
            .Select(pair => ($"version {pair.Key}", pair.Value)),
    ];
}
