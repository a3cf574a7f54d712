using Relay.Server.Repository.GarbageCollection;
using Relay.Server.Repository.Publishing;
using Relay.TestKit.Trust;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository;

/// <summary>A repository of an earlier version, which listed each file by SHA-512 as well.</summary>
public sealed class EarlierHashesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishAsync_TargetsOfAnEarlierVersion_AreListedBySha256Alone()
    {
        using RepositoryScene scene = await StartAsync();
        IReadOnlyDictionary<string, TargetFile> before = scene.Read().Targets.Files;

        await scene.Releases.PublishAsync(scene.Request(2), Cancel).AcceptedAsync();

        IReadOnlyDictionary<string, TargetFile> after = scene.Read().Targets.Files;
        Assert.All(before.Values, file => Assert.NotNull(file.Hashes.Sha512));
        Assert.All(after.Values, file => Assert.Null(file.Hashes.Sha512));
        Assert.All(before, file => Assert.Equal(file.Value.WithSha256Alone(), after[file.Key]));
        Assert.All(after.Values, file => Assert.Null(file.Check(scene.Open().ReadTarget(file))));
    }

    [Fact]
    public async Task PublishAsync_VersionThatAnEarlierVersionListed_IsTheSame()
    {
        using RepositoryScene scene = await StartAsync();

        Publication publication = await scene.Releases.PublishAsync(scene.Request(1), Cancel).AcceptedAsync();

        Assert.Equal(1, publication.Release.Number);
        Assert.Equal(1, scene.Read().LatestRelease);
    }

    [Fact]
    public async Task Collect_NamesBySha512_StayForTheGraceAndGoThen()
    {
        using RepositoryScene scene = await StartAsync();
        string[] names = Sha512Names(scene);
        await scene.Releases.PublishAsync(scene.Request(2), Cancel).AcceptedAsync();
        GarbageCollector collector = new(scene.Repository, scene.Clock, new DurableFiles());

        await collector.RunAsync(dryRun: false, Cancel);
        string[] inGrace = Sha512Names(scene);
        scene.Clock.Advance(GarbageCollector.Grace);
        await collector.RunAsync(dryRun: false, Cancel);

        Assert.NotEmpty(names);
        Assert.Equal(names, inGrace);
        Assert.Empty(Sha512Names(scene));
        Assert.All(scene.Read().Targets.Files.Values, file => Assert.Null(file.Check(scene.Open().ReadTarget(file))));
    }

    [Fact]
    public async Task Collect_EarlierMetadataAreCurrent_KeepsTheNamesBySha512()
    {
        using RepositoryScene scene = await StartAsync();
        string[] names = Sha512Names(scene);
        GarbageCollector collector = new(scene.Repository, scene.Clock, new DurableFiles());
        await collector.RunAsync(dryRun: false, Cancel);
        scene.Clock.Advance(GarbageCollector.Grace);

        await collector.RunAsync(dryRun: false, Cancel);

        Assert.Equal(names, Sha512Names(scene));
    }

    private static string[] Sha512Names(RepositoryScene scene) =>
    [
        .. Directory.GetFiles(Path.Combine(scene.Repository, "targets"), "*", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path).Split('.')[0].Length == 128)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A scene with version 1 of a model, all of whose targets are listed by both hashes.</summary>
    private static async Task<RepositoryScene> StartAsync()
    {
        RepositoryScene scene = await RepositoryScene.StartAsync();
        await scene.Releases.PublishAsync(scene.Request(1), Cancel).AcceptedAsync();
        await EarlierForm.PublishAsync(scene.Open(), scene.Keys);
        return scene;
    }
}
