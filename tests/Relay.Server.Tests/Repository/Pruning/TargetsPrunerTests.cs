using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Relay.TestKit.Trust;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Repository.Pruning;

/// <summary>Which releases leave the targets metadata, and when.</summary>
public sealed class TargetsPrunerTests : IAsyncLifetime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private RepositoryScene _scene = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<int> Listed => _scene.Read().Releases.Keys.Order();

    public async ValueTask InitializeAsync()
    {
        _scene = await RepositoryScene.StartAsync();
        _scene.Pruning = new() { Days = 30, Releases = 2 };
    }

    public ValueTask DisposeAsync()
    {
        _scene.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Publish_ReleaseNamedLongAgo_LeavesWithAllFilesOfItsVersion()
    {
        await PublishDailyAsync(1, 40);

        // Release 10 was named last when release 11 came, 29 days ago.
        Assert.Equal(Enumerable.Range(10, 31), Listed);
        IEnumerable<TargetFile> files = _scene.Read().Targets.Files.Values;
        Assert.Equal(Enumerable.Range(10, 31), files.Select(file => file.Label?.Version).OfType<int>().Distinct().Order());
        Assert.Contains(files, file => file.Path == TargetPaths.Policy);
        Assert.Contains(files, file => file.Path == TargetPaths.Anchors);
        Assert.Equal(Enumerable.Range(1, 9).Select(version => new ModelVersion("threat", version)), _scene.Uses.Left);
        Assert.Equal(_scene.Clock.GetUtcNow() - (31 * Day), _scene.Uses.AskedSince);
    }

    [Fact]
    public async Task Publish_FirstWithTheRules_StartsTheTimesOfOldReleases()
    {
        _scene.Pruning = null;
        await PublishDailyAsync(1, 5);
        _scene.Clock.Advance(60 * Day);
        _scene.Pruning = new() { Days = 30, Releases = 1 };

        await PublishDailyAsync(6, 1);
        int[] first = [.. Listed];
        await PublishDailyAsync(7, 31);

        Assert.Equal(Enumerable.Range(1, 6), first);
        Assert.DoesNotContain(5, Listed);
    }

    [Fact]
    public async Task Publish_ReleasesThatAChannelNamedLast_StayHoweverOldTheyAre()
    {
        await PublishDailyAsync(1, 3);
        _scene.Clock.Advance(80 * Day);
        await PublishDailyAsync(1, 3, model: "other", channel: "trial");
        _scene.Clock.Advance(80 * Day);

        await PublishDailyAsync(4, 1, model: "other", channel: "trial");

        // The last two of each channel: 2 and 3 of stable, 6 and 7 of trial.
        Assert.Equal([2, 3, 6, 7], Listed);
        Assert.Null(await _scene.Releases.PointChannelAsync("stable", 2, null, Cancel));
        Assert.Equal(2, _scene.Read().Channels["stable"].Release);
    }

    [Fact]
    public async Task Publish_ReleaseThatANodeReportsOrAnAliasNames_Stays()
    {
        await PublishDailyAsync(1, 3);
        _scene.Uses.Reported.Add(1);
        _scene.Uses.Aliased.Add(new("threat", 2));

        await PublishDailyAsync(4, 40);

        Assert.Contains(1, Listed);
        Assert.DoesNotContain(2, Listed);
        Assert.Contains(TargetPaths.Model("threat", 1), _scene.Read().Targets.Files.Keys);
        Assert.Contains(TargetPaths.Model("threat", 2), _scene.Read().Targets.Files.Keys);
        Assert.DoesNotContain(TargetPaths.Model("threat", 3), _scene.Read().Targets.Files.Keys);
    }

    [Fact]
    public async Task Publish_VersionThatTheRelayHasNoMore_StaysListed()
    {
        await PublishDailyAsync(1, 2);
        _scene.Uses.Stored.Remove(new("threat", 1));

        await PublishDailyAsync(3, 40);

        Assert.Contains(1, Listed);
        Assert.DoesNotContain(2, Listed);
    }

    [Fact]
    public async Task Publish_AllStay_WhereTheRuleIsOff()
    {
        _scene.Pruning = new() { Days = 0, Releases = 1 };

        await PublishDailyAsync(1, 40);

        Assert.Equal(Enumerable.Range(1, 40), Listed);
    }

    [Fact]
    public async Task RenewDueAsync_TimestampAndChannels_TakeNothingOut()
    {
        await PublishDailyAsync(1, 3);
        long targets = _scene.Read().Targets.Version;
        _scene.Clock.Advance(20 * Day);
        await _scene.Renewals.RenewDueAsync(Cancel);
        _scene.Clock.Advance(20 * Day);

        await _scene.Renewals.RenewDueAsync(Cancel);

        Assert.Equal((targets, 3), (_scene.Read().Targets.Version, Listed.Count()));
    }

    [Fact]
    public async Task Publish_FileOfTheTimesIsDamaged_TimesStartAgain()
    {
        await PublishDailyAsync(1, 20);
        File.WriteAllText(Path.Combine(_scene.Repository, "named.json"), "{ damaged");

        await PublishDailyAsync(21, 20);
        int first = Listed.First();
        await PublishDailyAsync(41, 20);

        Assert.Equal((1, true), (first, Listed.First() > 20));
    }

    private async Task PublishDailyAsync(int first, int count, string model = "threat", string channel = "stable")
    {
        for (int version = first; version < first + count; version++)
        {
            _scene.Uses.Stored.Add(new(model, version));
            await _scene.Releases.PublishAsync(_scene.Request(version, model: model) with { Channel = channel }, Cancel).AcceptedAsync();
            _scene.Clock.Advance(Day);
        }
    }
}
