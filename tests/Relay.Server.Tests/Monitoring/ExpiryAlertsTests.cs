using Relay.Server.Monitoring;
using Relay.TestKit;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Monitoring;

public sealed class ExpiryAlertsTests
{
    private readonly TestClock _clock = new();

    [Theory]
    [InlineData(RoleNames.Root, 30 * 24)]
    [InlineData(RoleNames.Targets, 14 * 24)]
    [InlineData(RoleNames.Channels, 3 * 24)]
    [InlineData(RoleNames.Snapshot, 3 * 24)]
    [InlineData(RoleNames.Timestamp, 20)]
    [InlineData(ExpiryAlerts.CmsSigner, 60 * 24)]
    [InlineData(ExpiryAlerts.CmsRoot, 180 * 24)]
    [InlineData(ExpiryAlerts.ReleasedSigners, 60 * 24)]
    [InlineData(ExpiryAlerts.Tls, 14 * 24)]
    public void GetState_AroundTheThreshold_IsFineThenDueThenExpired(string subject, int hours)
    {
        ExpiringItem item = new(subject, _clock.GetUtcNow() + TimeSpan.FromHours(hours) + TimeSpan.FromSeconds(1));
        ExpiryState before = StateOf(item);
        _clock.Advance(TimeSpan.FromSeconds(1));
        ExpiryState at = StateOf(item);
        _clock.Advance(TimeSpan.FromHours(hours));

        Assert.Equal((ExpiryState.Fine, ExpiryState.Due, ExpiryState.Expired), (before, at, StateOf(item)));
    }

    [Fact]
    public void FindChanges_OverTime_ReportsEachCrossingOnceAndTheRecovery()
    {
        Dictionary<string, ExpiryState> before = [];
        DateTimeOffset expires = _clock.GetUtcNow() + TimeSpan.FromDays(40);
        List<ExpiryState> states = [];
        for (int day = 0; day <= 50; day++)
        {
            if (day == 45)
            {
                expires += TimeSpan.FromDays(365);
            }

            foreach (ExpiryChange change in ExpiryAlerts.FindChanges(before, [new(RoleNames.Root, expires)], _clock.GetUtcNow()))
            {
                before[change.Item.Subject] = change.State;
                states.Add(change.State);
            }

            _clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal([ExpiryState.Due, ExpiryState.Expired, ExpiryState.Fine], states);
    }

    private ExpiryState StateOf(ExpiringItem item) => ExpiryAlerts.GetState(item, _clock.GetUtcNow());
}
