using Relay.Server.Repository;
using Relay.Server.Repository.GarbageCollection;
using Relay.Server.Repository.Publishing;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Repository.Pruning;

/// <summary>A stop after every file operation of a publication that takes a release out, and of the collection of its files.</summary>
public sealed class PruningCrashTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Attack", "kill")]
    public async Task PublishAsync_CrashAfterAnyStep_AllThatIsListedIsThere()
    {
        using RepositoryScene scene = await StartAsync();
        using TemporaryFolder start = new();
        TemporaryFolder.Mirror(scene.Data.Root, start.FullPath);
        HashSet<string> seen = [];
        bool finished = false;
        for (int steps = 1; !finished; steps++)
        {
            TemporaryFolder.Mirror(start.FullPath, scene.Data.Root);
            finished = await new CrashPoint(steps).RunAsync(
                files => new ReleasePublisher(scene.Open(files)).PublishAsync(scene.Request(3), Cancel).AcceptedAsync());
            seen.Add(string.Join(' ', scene.Read().Releases.Keys.Order()));
            AssertWhole(scene);

            await scene.Releases.PublishAsync(scene.Request(3), Cancel).AcceptedAsync();
            Assert.Equal([2, 3], scene.Read().Releases.Keys.Order());
            AssertWhole(scene);
        }

        Assert.Equal(["1 2", "2 3"], seen.Order());
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task Collect_CrashAfterAnyStep_AllThatIsListedIsThereAndTheRestGoes()
    {
        using RepositoryScene scene = await StartAsync();
        await scene.Releases.PublishAsync(scene.Request(3), Cancel).AcceptedAsync();
        await CollectAsync(scene, new());
        scene.Clock.Advance(GarbageCollector.Grace);
        using TemporaryFolder start = new();
        TemporaryFolder.Mirror(scene.Data.Root, start.FullPath);
        int steps = 0;
        for (bool finished = false; !finished;)
        {
            steps++;
            TemporaryFolder.Mirror(start.FullPath, scene.Data.Root);
            finished = await new CrashPoint(steps).RunAsync(files => CollectAsync(scene, files));
            AssertWhole(scene);

            await CollectAsync(scene, new());
            Assert.Empty(Directory.GetFiles(Path.Combine(scene.Repository, "targets", "models", "threat", "1")));
            AssertWhole(scene);
        }

        Assert.InRange(steps, 4, 100);
    }

    private static Task<GarbageCollectionResult> CollectAsync(RepositoryScene scene, Shared.Platform.Files.DurableFiles files) =>
        new GarbageCollector(scene.Repository, scene.Clock, files).RunAsync(dryRun: false, Cancel);

    /// <summary>A scene whose next publication takes release 1 out.</summary>
    private static async Task<RepositoryScene> StartAsync()
    {
        RepositoryScene scene = await RepositoryScene.StartAsync();
        scene.Pruning = new() { Days = 1, Releases = 1 };
        await scene.Releases.PublishAsync(scene.Request(1), Cancel).AcceptedAsync();
        await scene.Releases.PublishAsync(scene.Request(2), Cancel).AcceptedAsync();
        scene.Clock.Advance(TimeSpan.FromDays(2));
        return scene;
    }

    private static void AssertWhole(RepositoryScene scene)
    {
        TufRepository repository = scene.Open();
        RepositorySnapshot snapshot = repository.Read();
        Assert.All(
            snapshot.Targets.Files.Values.Concat(snapshot.ChannelTargets.Files.Values), file => Assert.Null(file.Check(repository.ReadTarget(file))));
    }
}
