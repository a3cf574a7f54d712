using Relay.Server.Rollouts;
using Relay.Server.Rollouts.Planning;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Rollouts;

// What happens in a pause.
public sealed partial class RolloutTimeTests
{
    [Fact]
    public async Task Decide_RelayRestartedInAPause_StaysPausedAndDoesNotTimeOut()
    {
        using RolloutFleet fleet = await RolloutFleet.StartAsync();
        await fleet.PassAsync(TimeSpan.FromMinutes(8), () => fleet.Nodes);
        await fleet.CommandAsync(RolloutCommand.Pause);
        RolloutState paused = fleet.Rollout.ReadState();

        fleet.Clock.Advance(TimeSpan.FromDays(2));
        fleet.RestartRelay();
        await fleet.PassAsync(TimeSpan.FromHours(2), () => fleet.Nodes);
        RolloutState later = fleet.Rollout.ReadState();

        Assert.Equal((RolloutStatus.Paused, 1, paused.AtTarget), (later.Status, later.Stage, later.AtTarget));
        await fleet.CommandAsync(RolloutCommand.Resume);
        await fleet.PassAsync(2 * Round, () => fleet.Nodes);
        Assert.Equal(2, fleet.Rollout.ReadState().Stage);
    }

    /// <summary>A pause keeps no harm from being taken back.</summary>
    [Fact]
    public async Task Decide_CandidatesFailInAPause_AreHalted()
    {
        using RolloutFleet fleet = await RolloutFleet.StartAsync();
        await fleet.CommandAsync(RolloutCommand.Pause);

        await fleet.PassAsync(TimeSpan.FromMinutes(4), () => fleet.Controls);
        fleet.Report(fleet.Candidates, failures: 50);
        await fleet.DecideAsync();

        Assert.Equal(RolloutOutcome.Returned, fleet.Rollout.Outcome);
    }
}
