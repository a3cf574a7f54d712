using System.Data.Common;
using Dapper;
using Relay.Server.Fleet.Adoption;

namespace Relay.Server.Tests.Fleet.Adoption;

// What is left of old rows.
public sealed partial class AdoptionHistoryTests
{
    [Fact]
    public void Thin_OldRows_AreFewerTheOlder()
    {
        Fill(days: 40, TimeSpan.FromMinutes(5));
        Fill(days: 1100, TimeSpan.FromHours(12));

        _history.Thin();
        long once = Count("TRUE");
        _history.Thin();

        Assert.Equal(once, Count("TRUE"));
        Assert.InRange(once, 1600, 1800);
        Assert.InRange(Count("at >= @day"), 285, 290);
        Assert.InRange(Count("at < @day AND at >= @month"), 690, 700);
        Assert.InRange(Count("at < @month AND at >= @years"), 699, 702);
        Assert.Equal(1, Count("at < @years"));
    }

    [Fact]
    public async Task Thin_ChannelThatHasHadNoNodesForLongerThanRowsAreKept_IsForgotten()
    {
        await StoreAsync("a", "stable", 1);
        _history.Sample();
        _clock.Advance(AdoptionRetention.Interval);
        await StoreAsync("a", "beta", 1);
        _history.Sample();
        _clock.Advance(TimeSpan.FromDays(729));
        _history.Thin();
        long before = Count("channel = 'stable'");
        _clock.Advance(TimeSpan.FromDays(2));

        _history.Thin();

        Assert.True(before > 0);
        Assert.Equal(0, Count("channel = 'stable'"));
        Assert.Equal(1, Count("channel = 'beta'"));
    }

    /// <summary>Writes rows up to now, one for each step.</summary>
    private void Fill(int days, TimeSpan step) => _database.Write((connection, transaction) => connection.Execute(
        """
        WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < @last)
        INSERT INTO fleet_samples (channel, at, releases)
        SELECT 'stable', @now - n * @step, '[{"release":1,"nodes":42}]' FROM numbers WHERE TRUE ON CONFLICT DO NOTHING
        """,
        new
        {
            last = (long)(TimeSpan.FromDays(days) / step),
            now = Slot(_clock.GetUtcNow()).ToUnixTimeMilliseconds(),
            step = (long)step.TotalMilliseconds,
        },
        transaction));

    private long Count(string condition)
    {
        using DbConnection connection = _database.Open();
        return connection.ExecuteScalar<long>(
            $"SELECT count(*) FROM fleet_samples WHERE {condition}", new { day = Ago(1), month = Ago(30), years = Ago(730) });

        long Ago(int days) => _clock.GetUtcNow().AddDays(-days).ToUnixTimeMilliseconds();
    }
}
