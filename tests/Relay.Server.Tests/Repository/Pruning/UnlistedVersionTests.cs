using Relay.Server.Repository;
using Relay.Server.Repository.GarbageCollection;
using Relay.Server.Repository.Publishing;
using Relay.TestKit.Trust;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository.Pruning;

/// <summary>The way back to what left the targets metadata, and what becomes of its files.</summary>
public sealed class UnlistedVersionTests : IAsyncLifetime
{
    private RepositoryScene _scene = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _scene = await RepositoryScene.StartAsync();
        _scene.Pruning = new() { Days = 30, Releases = 2 };
        await PublishDailyAsync(1, 40);
        Assert.Equal(10, _scene.Read().Releases.Keys.Min());
    }

    public ValueTask DisposeAsync()
    {
        _scene.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task PublishAsync_VersionThatLeft_IsListedAgainWithTheSameBytes()
    {
        ReleaseManifest again = (await _scene.Releases.PublishAsync(_scene.Request(1), Cancel).AcceptedAsync()).Release;

        RepositorySnapshot snapshot = _scene.Read();
        Assert.Equal((41, 41), (again.Number, snapshot.Channels["stable"].Release));
        TargetFile model = snapshot.Targets.Files[TargetPaths.Model("threat", 1)];
        Assert.Equal(41, model.Label!.Release);
        Assert.Null(model.Check(_scene.Open().ReadTarget(model)));
    }

    [Fact]
    public async Task PublishAsync_VersionOfAReleaseThatLeavesWithTheSameChange_StaysListed()
    {
        await PublishDailyAsync(10, 1);

        Assert.DoesNotContain(10, _scene.Read().Releases.Keys);
        Assert.Equal(41, _scene.Read().Channels["stable"].Release);
        Assert.Contains(TargetPaths.Model("threat", 10), _scene.Read().Targets.Files.Keys);
    }

    [Fact]
    public async Task PointChannelAsync_ReleaseThatLeft_IsRefusedAndChangesNothing()
    {
        PublishRefusal? refusal = await _scene.Releases.PointChannelAsync("stable", 1, null, Cancel);

        Assert.Equal(PublishRefusalReason.UnknownRelease, refusal?.Reason);
        Assert.Equal(40, _scene.Read().Channels["stable"].Release);
    }

    [Fact]
    public async Task Collect_FilesOfAReleaseThatLeft_GoAfterTheGraceAndTheArtifactStays()
    {
        GarbageCollector collector = new(_scene.Repository, _scene.Clock, new DurableFiles());
        await collector.RunAsync(dryRun: false, Cancel);
        _scene.Clock.Advance(GarbageCollector.Grace);

        GarbageCollectionResult result = await collector.RunAsync(dryRun: false, Cancel);

        Assert.Contains(result.Removed, path => path.StartsWith("targets/models/threat/9/", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Removed, path => path.StartsWith("targets/models/threat/10/", StringComparison.Ordinal));
        Assert.True(File.Exists(_scene.ArtifactOf([1, 2, 3, 9])));
        Assert.NotNull(await _scene.Releases.PublishAsync(_scene.Request(9), Cancel).AcceptedAsync());
    }

    private async Task PublishDailyAsync(int first, int count)
    {
        for (int version = first; version < first + count; version++)
        {
            await _scene.Releases.PublishAsync(_scene.Request(version), Cancel).AcceptedAsync();
            _scene.Clock.Advance(TimeSpan.FromDays(1));
        }
    }
}
