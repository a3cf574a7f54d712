using Relay.Server.Repository.GarbageCollection;
using Relay.Server.Repository.Mirroring;
using Relay.TestKit.Trust;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository.GarbageCollection;

public sealed class GarbageCollectorTests : IAsyncLifetime
{
    private TestRepository _repository = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _repository = await TestRepository.CreateAsync();
        await _repository.PublishAsync("threat", 1, [1, 2, 3]);
        await _repository.PublishAsync("threat", 2, [4, 5, 6]);
    }

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task RunAsync_GraceNotOver_RemovesNothing()
    {
        string[] before = Files();

        GarbageCollectionResult first = await SweepAsync();
        _repository.Clock.Advance(GarbageCollector.Grace - TimeSpan.FromSeconds(1));
        GarbageCollectionResult second = await SweepAsync();

        Assert.NotEmpty(first.Waiting);
        Assert.Equal((0, 0), (first.Removed.Count, second.Removed.Count));
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task RunAsync_GraceOver_RemovesTheUnreachableAndNothingElse()
    {
        GarbageCollectionResult marked = await SweepAsync();
        string[] before = Files();
        _repository.Clock.Advance(GarbageCollector.Grace);

        GarbageCollectionResult swept = await SweepAsync();

        Assert.Equal(marked.Waiting, swept.Removed);
        Assert.Equal(before.Except(swept.Removed), Files());
        Assert.Contains("metadata/1.targets.json", swept.Removed);
        Assert.DoesNotContain(swept.Removed, path => path.EndsWith(".root.json", StringComparison.Ordinal));
        await AssertWholeAsync();
    }

    [Fact]
    public async Task RunAsync_ReleaseThatNoChannelRuns_Stays()
    {
        await SweepAsync();
        _repository.Clock.Advance(GarbageCollector.Grace);
        await SweepAsync();

        await _repository.Releases.PointChannelAsync("stable", 1, null, Cancel);
        Assert.Equal(1, _repository.Read().Channels["stable"].Release);
        await AssertWholeAsync();
    }

    [Fact]
    public async Task RunAsync_FileOldButUnreachableSinceNow_WaitsForItsGrace()
    {
        await SweepAsync();
        _repository.Clock.Advance(TimeSpan.FromDays(30));
        await _repository.PublishAsync("threat", 3, [7, 8, 9]);

        GarbageCollectionResult result = await SweepAsync();

        Assert.Contains("metadata/3.targets.json", result.Waiting);
        Assert.Contains("metadata/1.targets.json", result.Removed);
    }

    [Fact]
    public async Task RunAsync_ReachableAgain_StaysAndItsGraceBeginsAnew()
    {
        await _repository.Releases.PointChannelAsync("stable", 1, null, Cancel);
        string back = Assert.Single((await SweepAsync()).Waiting, IsSha256OfAChannelAt(2));
        await _repository.Releases.PointChannelAsync("stable", 2, null, Cancel);
        _repository.Clock.Advance(GarbageCollector.Grace);

        GarbageCollectionResult result = await SweepAsync();

        Assert.DoesNotContain(back, result.Removed);
        await AssertWholeAsync();
    }

    [Fact]
    public async Task RunAsync_DryRun_TellsAndRemovesNothing()
    {
        await SweepAsync();
        _repository.Clock.Advance(GarbageCollector.Grace);
        string[] before = Files();

        GarbageCollectionResult dry = await SweepAsync(dryRun: true);

        Assert.NotEmpty(dry.Removed);
        Assert.True(dry.Bytes > 0);
        Assert.Equal(before, Files());
        Assert.Equal(dry.Removed, (await SweepAsync()).Removed);
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task RunAsync_StoppedAfterAnyStep_RepositoryIsWholeAndTheNextSweepEndsIt()
    {
        await SweepAsync();
        _repository.Clock.Advance(GarbageCollector.Grace);
        string[] unreachable = [.. (await SweepAsync(dryRun: true)).Removed];
        bool finished = false;
        for (int steps = 1; !finished; steps++)
        {
            // One file goes with each round; then come the steps of the record.
            finished = await new CrashPoint(Math.Max(1, steps - unreachable.Length)).RunAsync(
                files => new GarbageCollector(_repository.RepositoryPath, _repository.Clock, files).RunAsync(dryRun: false, Cancel));
            await AssertWholeAsync();
            Assert.True(steps < unreachable.Length + 10);
        }

        Assert.Empty(Files().Intersect(unreachable));
    }

    [Fact]
    public async Task RunAsync_LeftoverAboveTheCurrentVersion_KeepsItsNumber()
    {
        string leftover = Path.Combine(_repository.RepositoryPath, "metadata", "99.snapshot.json");
        await File.WriteAllBytesAsync(leftover, [1], Cancel);
        await SweepAsync();
        _repository.Clock.Advance(GarbageCollector.Grace);

        await SweepAsync();
        await _repository.PublishAsync("threat", 3, [7]);

        Assert.True(File.Exists(leftover));
        Assert.Equal(100, _repository.Read().Snapshot.Version);
    }

    [Fact]
    public async Task RunAsync_DamagedRepository_RemovesNothing()
    {
        await SweepAsync();
        _repository.Clock.Advance(GarbageCollector.Grace);
        await File.WriteAllBytesAsync(Path.Combine(_repository.RepositoryPath, "metadata", "timestamp.json"), [1], Cancel);
        string[] before = Files();

        await Assert.ThrowsAsync<InvalidDataException>(() => SweepAsync());

        Assert.Equal(before, Files());
    }

    private Predicate<string> IsSha256OfAChannelAt(int release)
    {
        string digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
            new Shared.Contracts.Releases.ChannelManifest("stable", release).ToJson()));
        return path => path == $"targets/channels/{digest}.stable.json";
    }

    private Task<GarbageCollectionResult> SweepAsync(bool dryRun = false) =>
        new GarbageCollector(_repository.RepositoryPath, _repository.Clock, new DurableFiles()).RunAsync(dryRun, Cancel);

    /// <summary>All that the timestamp leads to is there and verifies, as a node or a mirror reads it.</summary>
    private async Task AssertWholeAsync()
    {
        FolderFileSource files = new(_repository.RepositoryPath);
        RepositoryContents contents = await new RepositoryReader(files, _repository.Clock).ReadAsync(_repository.FirstRoot, null, Cancel);
        Assert.NotEmpty(contents.Targets);
        foreach (Shared.Contracts.Tuf.TargetFile file in contents.Targets)
        {
            await RepositoryContents.ReadAsync(files, file, Cancel);
        }
    }

    private string[] Files() => [.. new[] { "metadata", "targets" }
        .SelectMany(part => Directory.EnumerateFiles(Path.Combine(_repository.RepositoryPath, part), "*", SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(_repository.RepositoryPath, path).Replace('\\', '/'))
        .Order(StringComparer.Ordinal)];
}
