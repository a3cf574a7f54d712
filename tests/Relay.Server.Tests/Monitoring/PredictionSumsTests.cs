using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Monitoring;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Monitoring;

public sealed class PredictionSumsTests(PublishedRelay published)
{
    [Fact]
    public void Read_SumThatTakesLong_IsKeptForNineteenTimesAsLong()
    {
        PredictionSums sums = new(new PassingClock(TimeSpan.FromSeconds(2)));

        IReadOnlyList<VersionPredictions> first = Read(sums);

        // Each of these finds the clock 2 s later.
        Assert.All(Enumerable.Range(1, PredictionSums.Pause - 1), _ => Assert.Same(first, Read(sums)));
        Assert.NotSame(first, Read(sums));
    }

    [Fact]
    public void Read_SumThatTakesNoTime_IsMadeAgain()
    {
        PredictionSums sums = new(new PassingClock(TimeSpan.Zero));

        Assert.NotSame(Read(sums), Read(sums));
    }

    private IReadOnlyList<VersionPredictions> Read(PredictionSums sums)
    {
        using DbConnection connection = published.Relay.Services.GetRequiredService<RelayDatabase>().Open();
        using DbTransaction transaction = RelayDatabase.BeginRead(connection);
        return sums.Read(connection, transaction);
    }

    /// <summary>Each look at it takes a while.</summary>
    private sealed class PassingClock(TimeSpan look) : TimeProvider
    {
        private TimeSpan _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (_now += look).Ticks;
    }
}
