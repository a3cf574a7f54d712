using Relay.Server.ObjectStore.Copying;
using Relay.Server.Repository.GarbageCollection;
using Relay.Server.Tests.Repository.Mirroring;
using Relay.TestKit.ObjectStores;
using Relay.TestKit.Trust;
using Shared.Platform.Files;

namespace Relay.Server.Tests.ObjectStore.Copying;

/// <summary>A bucket gets what the relay publishes, in the order in which nodes can read it, and nothing that was there is overwritten.</summary>
public sealed class BucketCopyTests : IAsyncLifetime
{
    private BucketScene _scene = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await BucketScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task RunAsync_EmptyBucket_HasTheBytesAndHeadersOfAllThatTheRelayServes()
    {
        CopyReport report = await _scene.CopyAsync();

        string[] files = [.. MirrorScene.Files(_scene.Original.RepositoryPath)];
        Assert.Equal(files.Order(StringComparer.Ordinal), _scene.Keys.Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(_scene.Original.Serve(file), _scene.ContentOf(file)));
        Assert.Null(report.Refused);
        Assert.Empty(report.Conflicts);
        FakeObject timestamp = _scene.Store.Objects[BucketScene.Prefix + MisbehavingRepository.TimestampPath];
        Assert.Equal(("no-cache", "application/json"), (timestamp.CacheControl, timestamp.ContentType));
        FakeObject root = _scene.Store.Objects[BucketScene.Prefix + CopyPlan.FirstRoot];
        Assert.Equal(("public, max-age=31536000, immutable", "application/json"), (root.CacheControl, root.ContentType));
        Assert.Contains(_scene.Store.Objects, one => one.Key.EndsWith(".onnx", StringComparison.Ordinal)
            && one.Value.ContentType == "application/octet-stream");
    }

    [Fact]
    public async Task RunAsync_EmptyBucket_WritesTheFirstRootFirstAndTheTimestampLast()
    {
        await _scene.CopyAsync();

        string[] written = [.. _scene.Store.Requests.Where(request => request.Method == "PUT").Select(request => request.Key)];
        Assert.Equal(BucketScene.Prefix + CopyPlan.FirstRoot, written[0]);
        Assert.Equal(BucketScene.Prefix + MisbehavingRepository.TimestampPath, written[^1]);
        Assert.Equal(written.Length, written.Distinct().Count());
    }

    [Fact]
    public async Task RunAsync_Again_WritesWhatIsNewAndReadsNothingAgain()
    {
        await _scene.CopyAsync();
        _scene.Store.Requests.Clear();
        CopyReport same = await _scene.CopyAsync();
        int reads = _scene.Store.Requests.Count(request => request.Method == "GET" && request.Key.Length > 0);
        await _scene.Original.Releases.PointChannelAsync("canary", 1, null, Cancel);
        CopyReport next = await _scene.CopyAsync();

        Assert.Equal((0, 0), (same.Written, same.Deleted));

        // The timestamp, before and after.
        Assert.Equal(2, reads);

        // The channel, its role, snapshot.
        Assert.Equal(3, next.Written);
        Assert.Equal(_scene.Original.Serve(MisbehavingRepository.TimestampPath), _scene.ContentOf(MisbehavingRepository.TimestampPath));
    }

    [Fact]
    public async Task RunAsync_WithoutTheRecord_ComparesAllObjectsAndWritesNone()
    {
        await _scene.CopyAsync();
        _scene.Store.Requests.Clear();

        CopyReport report = await _scene.CopyAsync(record: "another");

        Assert.Equal(0, report.Written);
        Assert.DoesNotContain(_scene.Store.Requests, request => request.Method == "PUT");
        Assert.Equal(_scene.Keys.Count() - 1, report.Verified.Count);
    }

    [Fact]
    public async Task RunAsync_FilesThatTheRelayCollected_AreDeletedAndNothingElseIs()
    {
        await _scene.CopyAsync();
        string stranger = BucketScene.Prefix + "metadata/notes.txt";
        string outside = "targets/" + new string('a', 64) + ".model.onnx";
        string root = BucketScene.Prefix + "metadata/7.root.json";
        string ahead = BucketScene.Prefix + "metadata/900.snapshot.json";
        string target = BucketScene.Prefix + $"targets/threat/{new string('a', 64)}.model.onnx";
        foreach (string key in (string[])[stranger, outside, root, ahead, target])
        {
            _scene.Store.Put(key, [1]);
        }

        await _scene.Original.PublishAsync("threat", 2, [4, 5, 6]);
        GarbageCollector collector = new(_scene.Original.RepositoryPath, _scene.Original.Clock, new DurableFiles());
        await collector.RunAsync(dryRun: false, Cancel);
        _scene.Original.Clock.Advance(GarbageCollector.Grace);
        IReadOnlyList<string> removed = (await collector.RunAsync(dryRun: false, Cancel)).Removed;
        CopyReport report = await _scene.CopyAsync();

        Assert.NotEmpty(removed);
        Assert.DoesNotContain(removed, _scene.Keys.Contains);
        Assert.Equal(removed.Count + 1, report.Deleted);
        Assert.False(_scene.Store.Objects.ContainsKey(target));
        Assert.All((string[])[stranger, outside, root, ahead], key => Assert.True(_scene.Store.Objects.ContainsKey(key), key));
    }

    [Fact]
    public async Task RunAsync_BucketOfAnotherRepository_ChangesNothing()
    {
        await _scene.CopyAsync();
        Dictionary<string, FakeObject> before = new(_scene.Store.Objects);
        using TestRepository other = await TestRepository.CreateAsync();

        CopyReport report = await _scene.CopyAsync(other, record: "other");

        Assert.Equal(CopyRefusal.OtherRepository, report.Refused);
        Assert.Equal(before, new(_scene.Store.Objects));
    }

    [Fact]
    public async Task RunAsync_BucketThatIsAhead_IsNotTakenBack()
    {
        string old = await CopyFolderAsync();
        await _scene.Original.PublishAsync("threat", 2, [4, 5, 6]);
        await _scene.CopyAsync();
        Dictionary<string, FakeObject> before = new(_scene.Store.Objects);
        SwapIn(old);

        CopyReport report = await _scene.CopyAsync();

        Assert.Equal(CopyRefusal.NewerRepository, report.Refused);
        Assert.Equal(before, new(_scene.Store.Objects));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_AnotherRelayThatWritesALaterTimestampMeanwhile_IsNotTakenBack(bool isFirst)
    {
        await _scene.CopyAsync();
        FakeObject earlier = _scene.Store.Objects[BucketScene.Prefix + MisbehavingRepository.TimestampPath];
        await _scene.Original.Releases.PointChannelAsync("canary", 1, null, Cancel);
        string old = await CopyFolderAsync();
        await _scene.Original.PublishAsync("threat", 2, [4, 5, 6]);
        await _scene.CopyAsync();
        FakeObject later = _scene.Store.Objects[BucketScene.Prefix + MisbehavingRepository.TimestampPath];
        _scene.Store.Objects.Clear();
        if (!isFirst)
        {
            _scene.Store.Objects[BucketScene.Prefix + MisbehavingRepository.TimestampPath] = earlier;
        }

        SwapIn(old);
        _scene.Store.Instead = (http, key) =>
        {
            // Between the look at the timestamp and its write.
            if (http.Request.Method == "PUT" && key == BucketScene.Prefix + MisbehavingRepository.TimestampPath)
            {
                _scene.Store.Objects[key] = later;
            }

            return Task.FromResult(false);
        };

        CopyReport report = await _scene.CopyAsync();

        Assert.Equal(CopyRefusal.NewerRepository, report.Refused);
        Assert.Equal(later, _scene.Store.Objects[BucketScene.Prefix + MisbehavingRepository.TimestampPath]);
    }

    private async Task<string> CopyFolderAsync()
    {
        string old = _scene.Original.RepositoryPath + "-old";
        await _scene.Original.MirrorAsync(old);
        return old;
    }

    private void SwapIn(string old)
    {
        foreach (string part in (string[])["metadata", "targets"])
        {
            Directory.Delete(Path.Combine(_scene.Original.RepositoryPath, part), recursive: true);
            Directory.Move(Path.Combine(old, part), Path.Combine(_scene.Original.RepositoryPath, part));
        }
    }
}
