using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Repository;

/// <summary>A stop after every single file operation: before or after, never between, and always able to go on.</summary>
public sealed class RepositoryCrashTests
{
    [Fact]
    [Trait("Attack", "kill")]
    public async Task InitializeAsync_CrashAfterAnyStep_NextStartCompletesIt()
    {
        bool finished = false;
        for (int steps = 1; !finished; steps++)
        {
            using RepositoryScene scene = await RepositoryScene.CreateAsync();
            finished = await new CrashPoint(steps).RunAsync(files => scene.InitializeAsync(files));
            Dictionary<string, byte[]> before = Directory.Exists(scene.Repository) ? scene.Files() : [];

            await scene.InitializeAsync();
            Assert.Equal(0, scene.Read().LatestRelease);
            AssertUnchanged(before, scene);
        }
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task PublishAsync_CrashAfterAnyStep_OldOrNewVerifiesAndPublishingGoesOn()
    {
        bool finished = false;
        bool sawOld = false;
        bool sawNew = false;
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        await scene.Releases.PublishAsync(scene.Request(1), CancellationToken.None).AcceptedAsync();
        using TemporaryFolder start = new();
        TemporaryFolder.Mirror(scene.Data.Root, start.FullPath);
        for (int steps = 1; !finished; steps++)
        {
            TemporaryFolder.Mirror(start.FullPath, scene.Data.Root);
            finished = await new CrashPoint(steps).RunAsync(
                files => new ReleasePublisher(scene.Open(files)).PublishAsync(scene.Request(2), CancellationToken.None).AcceptedAsync());
            Dictionary<string, byte[]> before = scene.Files();

            int release = scene.Read().LatestRelease;
            Assert.InRange(release, 1, 2);
            (sawOld, sawNew) = (sawOld || release == 1, sawNew || release == 2);

            // Again, as the caller does who was not told: one release comes of it, not two.
            ReleaseManifest again = (await scene.Releases.PublishAsync(scene.Request(2), CancellationToken.None).AcceptedAsync()).Release;
            Assert.Equal(2, again.Number);
            ReleaseManifest next = (await scene.Releases.PublishAsync(scene.Request(3), CancellationToken.None).AcceptedAsync()).Release;
            Assert.Equal(3, next.Number);
            RepositorySnapshot last = scene.Read();
            Assert.Equal(3, last.Channels["stable"].Release);
            Assert.All([1, 2, 3], version => AssertWhole(last, scene, version));
            AssertUnchanged(before, scene);
        }

        Assert.True(sawOld && sawNew);
    }

    [Fact]
    public async Task PublishAsync_OrphanOfACrash_ItsVersionIsNotUsedAgain()
    {
        using RepositoryScene scene = await RepositoryScene.CreateAsync();
        await scene.InitializeAsync();
        string orphan = Path.Combine(scene.Repository, "metadata", "2.targets.json");
        await File.WriteAllTextAsync(orphan, "left by a crash");

        await scene.Releases.PublishAsync(scene.Request(1), CancellationToken.None).AcceptedAsync();
        Assert.Equal(3, scene.Read().Targets.Version);
        Assert.Equal("left by a crash", await File.ReadAllTextAsync(orphan));
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775806")]
    [InlineData("99999999999999999999")]
    [InlineData("2147483648")]
    [InlineData("-5")]
    [InlineData("007")]
    public async Task PublishAsync_StrayFileOfAHugeVersion_CountsForNothing(string version)
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        foreach (string role in (string[])["root", "targets", "channels", "snapshot"])
        {
            await File.WriteAllTextAsync(Path.Combine(scene.Repository, "metadata", $"{version}.{role}.json"), "stray");
        }

        await scene.InitializeAsync();
        await scene.Releases.PublishAsync(scene.Request(1), CancellationToken.None).AcceptedAsync();
        await scene.Releases.PublishAsync(scene.Request(2), CancellationToken.None).AcceptedAsync();

        RepositorySnapshot snapshot = scene.Read();
        Assert.Equal((1, 3, 3, 3), (snapshot.Root.Version, snapshot.Targets.Version, snapshot.ChannelTargets.Version, snapshot.Snapshot.Version));
        Assert.Single(scene.Open().Roots());
    }

    [Fact]
    [Trait("Attack", "two-processes")]
    public async Task PublishAsync_ManyPublishersAtOnce_EachReleaseIsThere()
    {
        using RepositoryScene scene = await RepositoryScene.CreateAsync();
        await scene.InitializeAsync();
        await Task.WhenAll(Enumerable.Range(1, 8).Select(version =>
            Task.Run(() => scene.Releases.PublishAsync(scene.Request(version, model: $"model-{version}"), CancellationToken.None).AcceptedAsync())));
        RepositorySnapshot snapshot = scene.Read();
        Assert.Equal(8, snapshot.LatestRelease);
        Assert.Equal(8, snapshot.Releases[8].Models.Count);
    }

    [Fact]
    [Trait("Attack", "tampering-at-rest")]
    public async Task Read_DamagedTarget_IsAnEnvironmentError()
    {
        using RepositoryScene scene = await RepositoryScene.CreateAsync();
        await scene.InitializeAsync();
        string policy = Directory.GetFiles(Path.Combine(scene.Repository, "targets", "trust"), "*policy.json")
            .Single(file => Path.GetFileName(file).Length < 100);
        await File.AppendAllTextAsync(policy, " ");
        Assert.Throws<InvalidDataException>(() => scene.Read());
    }

    /// <summary>A version's evidence is listed and there, whatever happened when it was published.</summary>
    private static void AssertWhole(RepositorySnapshot snapshot, RepositoryScene scene, int version)
    {
        TargetFile file = snapshot.Targets.Files[TargetPaths.Provenance("threat", version)];
        Assert.Null(file.Check(File.ReadAllBytes(Path.Combine(scene.Repository, "targets", file.ConsistentPath))));
    }

    private static void AssertUnchanged(Dictionary<string, byte[]> before, RepositoryScene scene)
    {
        Dictionary<string, byte[]> after = scene.Files();
        Assert.All(before, file => Assert.Equal(file.Value, after[file.Key]));
    }
}
