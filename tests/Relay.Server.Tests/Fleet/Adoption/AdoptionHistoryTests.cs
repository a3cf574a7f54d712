using System.Globalization;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Adoption;
using Relay.Server.Fleet.Identity;
using Relay.Server.Fleet.Usage;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Fleet.Adoption;

/// <summary>The history of nodes by release: what is written when, what is left of it, and what is read.</summary>
public sealed partial class AdoptionHistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RelayDatabase _database;
    private readonly DatabaseWriter _writer;
    private readonly TestClock _clock = new();
    private readonly NodeStore _store;
    private readonly DateTimeOffset _start;
    private AdoptionHistory _history;

    public AdoptionHistoryTests()
    {
        _database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));
        _writer = new DatabaseWriter(_database);
        _store = new NodeStore(_database, _writer, new NodeKeys(_database), new NodeLimits(100), _clock);
        _history = new AdoptionHistory(_database, _clock);
        _start = Slot(_clock.GetUtcNow());
    }

    [Fact]
    public async Task Sample_CountsThatChange_AreWrittenOnceAndHoldUntilTheNext()
    {
        await StoreAsync("a", "stable", 1);
        await StoreAsync("b", "stable", 1);
        await StoreAsync("c", "beta", 1);
        SampleFor(TimeSpan.FromMinutes(30));
        await StoreAsync("b", "stable", 2);
        SampleFor(TimeSpan.FromMinutes(30));

        Assert.Equal(["0: 1=2", "30: 1=1 2=1"], Points("stable"));
        Assert.Equal(["0: 1=1"], Points("beta"));
        Assert.Equal(["0: 1=3", "30: 1=2 2=1"], Points(null));
        Assert.Empty(Points("other"));
    }

    [Fact]
    public async Task Sample_RelayThatStartsAgain_GoesOn()
    {
        await StoreAsync("a", "stable", 1);
        _history.Sample();
        _history = new AdoptionHistory(_database, _clock);
        _history.Sample();
        SampleFor(TimeSpan.FromMinutes(20));

        Assert.Equal(["0: 1=1"], Points("stable"));
    }

    [Fact]
    public async Task Sample_NodesThatGo_CountNoLonger()
    {
        await StoreAsync("a", "stable", 1);
        _history.Sample();
        _clock.Advance(AdoptionRetention.Interval);
        await _store.RemoveAsync("a");
        SampleFor(TimeSpan.FromMinutes(10));

        Assert.Equal(["0: 1=1", "5: "], Points("stable"));
    }

    [Fact]
    public async Task Sample_UnknownChannelsAndManyReleases_CountTogether()
    {
        await StoreAsync("made-up", "", -1);
        for (int i = 0; i < 40; i++)
        {
            await StoreAsync($"n{i}", "stable", i + 1);
        }

        _history.Sample();

        FleetAdoptionPoint all = Assert.Single(Read(null).Points);
        Assert.Equal(41, all.Releases.Sum(release => release.Nodes));
        Assert.True(all.Releases.Count <= 33);
        Assert.Null(all.Releases[^1].Release);
        Assert.Single(Read("stable").Points);
    }

    [Fact]
    public async Task Read_PartOfTheTime_BeginsWithTheCountsOfBefore()
    {
        await StoreAsync("a", "stable", 1);
        _history.Sample();
        _clock.Advance(TimeSpan.FromHours(2));
        await StoreAsync("a", "stable", 2);
        SampleFor(TimeSpan.FromMinutes(10));

        FleetAdoption read = _history.Read("stable", _start.AddHours(1), _start.AddHours(3));

        Assert.Equal([_start.AddHours(1), _start.AddHours(2)], read.Points.Select(point => point.At));
        Assert.Equal([1, 2], read.Points.Select(point => point.Releases[0].Release!.Value));
        Assert.Equal(_start, read.KeptSince);
        Assert.Empty(_history.Read("stable", _start.AddHours(-2), _start.AddHours(-1)).Points);
    }

    [Fact]
    public void Read_ManyRows_AreTheLastOfEqualParts()
    {
        Fill(days: 30, TimeSpan.FromMinutes(5));

        FleetAdoption read = _history.Read("stable", _clock.GetUtcNow().AddDays(-30), _clock.GetUtcNow());

        Assert.InRange(read.Points.Count, FleetAdoption.MaximumPoints / 2, FleetAdoption.MaximumPoints);
        Assert.Equal(read.Points.Select(point => point.At).Order(), read.Points.Select(point => point.At));
        Assert.Equal(Slot(_clock.GetUtcNow()), read.Points[^1].At);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    private static DateTimeOffset Slot(DateTimeOffset at) =>
        new(at.UtcTicks / AdoptionRetention.Interval.Ticks * AdoptionRetention.Interval.Ticks, TimeSpan.Zero);

    private Task StoreAsync(string node, string channel, int release) => _store.StoreAsync(
        Reports.Valid(node) with { Channel = channel.Length == 0 ? "unknown" : channel, Release = Math.Max(0, release) },
        entry: new FleetEntry(
            $$"""{"channel":"{{channel}}","release":{{release}},"stale":0,"quarantined":0,"models":[]}""",
            Cohort.None, [], new Dictionary<string, long>()));

    private void SampleFor(TimeSpan time)
    {
        for (TimeSpan past = TimeSpan.Zero; past < time; past += AdoptionRetention.Interval)
        {
            _history.Sample();
            _clock.Advance(AdoptionRetention.Interval);
        }

        _history.Sample();
    }

    private FleetAdoption Read(string? channel) => _history.Read(channel, _start.AddDays(-1), _clock.GetUtcNow().AddDays(1));

    /// <summary>Such as <c>5: 1=2</c>: after five minutes, release 1 on two nodes.</summary>
    private string[] Points(string? channel) =>
    [
        .. Read(channel).Points.Select(point => string.Create(
            CultureInfo.InvariantCulture,
            $"{(point.At - _start).TotalMinutes:0}: {string.Join(' ', point.Releases.Select(release => $"{release.Release}={release.Nodes}"))}")),
    ];
}
