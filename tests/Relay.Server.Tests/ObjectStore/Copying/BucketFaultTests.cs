using Microsoft.AspNetCore.Http;
using Relay.Server.ObjectStore.Client;
using Relay.Server.ObjectStore.Copying;
using Relay.Server.Tests.Repository.Mirroring;
using Relay.TestKit.ObjectStores;
using Relay.TestKit.Trust;

namespace Relay.Server.Tests.ObjectStore.Copying;

/// <summary>A store that fails: what it has can be read, and the next comparison goes on.</summary>
public sealed class BucketFaultTests : IAsyncLifetime
{
    private const string TimestampKey = BucketScene.Prefix + MisbehavingRepository.TimestampPath;

    private BucketScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await BucketScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task RunAsync_StoreThatFailsAfterAnyRequest_IsCompletedByTheNextComparison()
    {
        int files = MirrorScene.Files(_scene.Original.RepositoryPath).Count;
        bool whole = false;
        for (int allowed = 0; !whole; allowed++)
        {
            int left = allowed;
            _scene.Store.Instead = (http, _) => FailAsync(http, Interlocked.Decrement(ref left) < 0);
            whole = await Record.ExceptionAsync(() => _scene.CopyAsync()) switch
            {
                null => true,
                ObjectStoreException => false,
                var other => throw other,
            };

            // The timestamp comes when nothing else is missing.
            Assert.True(!_scene.Store.Objects.ContainsKey(TimestampKey) || _scene.Keys.Count() == files);
        }

        Assert.Equal(_scene.Original.Serve(MisbehavingRepository.TimestampPath), _scene.Store.Objects[TimestampKey].Content);
    }

    [Fact]
    public async Task RunAsync_AnswersThatAreLost_AreFoundByReadingBack()
    {
        int writes = 0;
        _scene.Store.AfterWrite = (http, _) =>
        {
            if (writes++ % 3 == 0)
            {
                http.Abort();
            }
        };

        CopyReport report = await RepeatAsync();

        Assert.Null(report.Refused);
        Assert.Empty(report.Conflicts);
        Assert.All(_scene.Keys, key => Assert.Equal(_scene.Original.Serve(key), _scene.ContentOf(key)));
    }

    [Fact]
    public async Task RunAsync_StoreWithoutConditionsOnTags_GetsTheTimestampAllTheSame()
    {
        await _scene.CopyAsync();
        _scene.Store.KnowsIfMatch = false;
        await _scene.Original.PublishAsync("threat", 2, [4, 5, 6]);

        CopyReport report = await _scene.CopyAsync();

        Assert.Null(report.Refused);
        Assert.Equal(_scene.Original.Serve(MisbehavingRepository.TimestampPath), _scene.ContentOf(MisbehavingRepository.TimestampPath));
    }

    [Fact]
    public async Task RunAsync_StoreThatKeepsHalfOfABody_IsToldAndDoesNotGetTheTimestamp()
    {
        _scene.Store.Keep = (key, content) => key.EndsWith("snapshot.json", StringComparison.Ordinal) ? content[..^1] : content;

        CopyReport report = await _scene.CopyAsync();

        Assert.Equal(CopyRefusal.ChangedMetadata, report.Refused);
        Assert.NotEmpty(report.Conflicts);
        Assert.All(report.Conflicts, conflict => Assert.EndsWith("snapshot.json", conflict.Path, StringComparison.Ordinal));
        Assert.False(_scene.Store.Objects.ContainsKey(TimestampKey));
    }

    [Fact]
    public async Task RunAsync_StoreThatKeepsAnotherTimestamp_IsAFailure()
    {
        _scene.Store.Keep = (key, content) => key == TimestampKey ? content[..^1] : content;
        await Assert.ThrowsAsync<ObjectStoreException>(() => _scene.CopyAsync());
    }

    [Fact]
    public async Task RunAsync_StoreThatDoesNotAnswer_IsAFailureInTime()
    {
        _scene.Store.Instead = async (http, _) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
            return true;
        };

        await Assert.ThrowsAsync<ObjectStoreException>(() => _scene.CopyAsync(answerTime: TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task RunAsync_DamagedLocalFile_IsNotCopied()
    {
        string model = Directory.EnumerateFiles(_scene.Original.RepositoryPath, "*.onnx", SearchOption.AllDirectories).First();
        byte[] content = File.ReadAllBytes(model);
        string evidence = Directory.EnumerateFiles(_scene.Original.RepositoryPath, "*.p7s", SearchOption.AllDirectories).First();
        byte[] signature = File.ReadAllBytes(evidence);
        File.Delete(evidence);
        File.WriteAllBytes(evidence, [.. signature.Reverse()]);

        CopyReport report = await _scene.CopyAsync();

        Assert.Contains(report.Conflicts, conflict => evidence.EndsWith(conflict.Path, StringComparison.Ordinal));
        Assert.DoesNotContain(_scene.Keys, key => evidence.EndsWith(key, StringComparison.Ordinal));
        Assert.Contains(_scene.Store.Objects.Values, one => one.Content.AsSpan().SequenceEqual(content));
    }

    private async Task<CopyReport> RepeatAsync()
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await _scene.CopyAsync();
            }
            catch (ObjectStoreException) when (attempt < 100)
            {
                // The next attempt reads what this one wrote.
            }
        }
    }

    private static Task<bool> FailAsync(HttpContext http, bool fails)
    {
        http.Response.StatusCode = fails ? 500 : 200;
        return Task.FromResult(fails);
    }
}
