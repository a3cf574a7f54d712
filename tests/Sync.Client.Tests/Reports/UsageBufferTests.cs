using Relay.TestKit;
using Shared.Contracts.Reports;
using Sync.Client.Reports;
using Sync.Client.Storage;

namespace Sync.Client.Tests.Reports;

public sealed class UsageBufferTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private readonly NodeStore _store;
    private readonly UsageBuffer _buffer;

    public UsageBufferTests()
    {
        _store = NodeStore.Open(_folder.Combine("store"));
        _buffer = new UsageBuffer(_store);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Add_WeeksWithoutARelay_KeepsAllCountsInTheBytesOfADayAndTheNewestWhole()
    {
        for (int i = 1; i <= 4_000; i++)
        {
            _buffer.Add(Window(i));
        }

        IReadOnlyList<UsageWindow> windows = _buffer.Oldest;
        Assert.InRange(windows.Sum(w => (long)UsageSums.CountBytes(w)), 1, UsageBuffer.Bytes);
        Assert.InRange(windows.Count, 100, UsageBounds.Items);
        Assert.Equal((4_000 * 10L, 4_000 * 300L), (windows.Sum(w => w.Versions.Single().Calls), windows.Sum(w => (long)w.Seconds)));
        Assert.Equal(4_000 * 2L, windows[0].Versions.Single().Labels!.Counts[0] + windows.Skip(1).Sum(w => w.Versions.Single().Labels!.Counts[0]));
        Assert.Equal(windows.Select(w => w.Id).Order(), windows.Select(w => w.Id));
        Assert.Equal((4_000, 300), (windows[^1].Id, windows[^1].Seconds));
    }

    [Fact]
    public void Add_WindowsThatTheRelayMayHave_DoNotBecomeOneWithThoseThatItDoesNotHave()
    {
        _buffer.Add(Window(1));
        _buffer.MarkAttempted(1);
        for (int i = 2; i <= 1_000; i++)
        {
            _buffer.Add(Window(i));
        }

        Assert.Equal((1, 10), (_buffer.Oldest[0].Id, _buffer.Oldest[0].Versions.Single().Calls));
        Assert.Equal(2, _buffer.Oldest[1].Id);
    }

    [Fact]
    public void NextId_ClockStepsBack_IsAboveTheLastOne()
    {
        _buffer.Add(Window(_buffer.NextId(Now, Now)));

        Assert.Equal(Now.ToUnixTimeMilliseconds() + 1, _buffer.NextId(Now.AddHours(-3), Now.AddHours(-3)));
    }

    [Fact]
    public void NextId_AfterAClockThatWasYearsAhead_IsThePresent()
    {
        _buffer.Add(Window(_buffer.NextId(Now.AddYears(10), Now.AddYears(10))));

        Assert.Equal(Now.ToUnixTimeMilliseconds(), _buffer.NextId(Now, Now));
    }

    [Fact]
    public void Save_AllSent_LeavesNothingToSendAfterARestart()
    {
        _buffer.Add(Window(5));
        _buffer.Save();
        Assert.Equal(5, Assert.Single(new UsageBuffer(_store).Oldest).Id);

        _buffer.Remove(1);
        _buffer.Save();

        UsageBuffer restarted = new(_store);
        Assert.True(restarted.IsEmpty);
        Assert.Equal(6, restarted.NextId(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void ToWindow_MoreVersionsThanFit_KeepsThoseWithTheMostCallsAndSaysHowManyAreLeftOut()
    {
        UsageSums sums = new();
        sums.Add(Window(1) with { Versions = [.. Enumerable.Range(1, 256).Select(v => Usage(calls: 10 * v) with { Version = v })] });

        UsageWindow window = sums.ToWindow(1, TimeSpan.FromMinutes(5));

        Assert.InRange(UsageSums.CountBytes(window), UsageBounds.WindowBytes / 4, UsageBounds.WindowBytes);
        Assert.Equal(256, window.Versions.Count + window.Omitted);
        Assert.Equal(Enumerable.Range(0, window.Versions.Count).Select(i => 256 - i), window.Versions.Select(v => v.Version));
    }

    private static UsageWindow Window(long id) => new() { Id = id, Seconds = 300, Versions = [Usage(calls: 10)] };

    private static VersionUsage Usage(long calls) => new()
    {
        Release = 1,
        Model = "threat-classifier",
        Version = 1,
        Calls = calls,
        Rows = 10,
        Latency = new BinCounts(20, [1, 2, 3, 4, 5, 6]),
        Labels = new BinCounts(0, [2, 3, 5]),
        Scores = new BinCounts(8, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
    };
}
