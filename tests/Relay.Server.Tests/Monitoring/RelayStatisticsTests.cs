using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Monitoring;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Monitoring;

public sealed class RelayStatisticsTests(PublishedRelay published)
{
    [Fact]
    public async Task Read_CountThatTakesLongerThanASecond_IsKeptForASecondFromItsEnd()
    {
        TestClock clock = new();
        RelayStatistics statistics = new(
            published.Relay.Services.GetRequiredService<RelayDatabase>(), published.Relay.Services.GetRequiredService<RepositoryCache>(),
            new Uptime(new PassingClock(clock)), clock);

        RelayStats first = await statistics.ReadAsync();
        RelayStats second = await statistics.ReadAsync();
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Same(first, second);
        Assert.NotSame(first, await statistics.ReadAsync());
    }

    /// <summary>Each look at it takes two seconds of the other clock: the count looks at it once.</summary>
    private sealed class PassingClock(TestClock clock) : TimeProvider
    {
        public override long GetTimestamp()
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            return clock.GetTimestamp();
        }
    }
}
