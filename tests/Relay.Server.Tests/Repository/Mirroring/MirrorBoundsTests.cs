using Relay.Server.Repository.Mirroring;
using Relay.TestKit.Trust;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository.Mirroring;

/// <summary>What a mirror bounds: bytes, memory and time.</summary>
public sealed class MirrorBoundsTests : IAsyncLifetime
{
    private readonly MirrorScene _scene = new();

    public ValueTask InitializeAsync() => _scene.InitializeAsync();

    public ValueTask DisposeAsync()
    {
        _scene.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("metadata/1.root.json", TrustBounds.RootBytes)]
    [InlineData(MisbehavingRepository.TimestampPath, TrustBounds.TimestampBytes)]
    [Trait("Attack", "endless-body")]
    public async Task UpdateAsync_EndlessMetadata_StopsAtTheLimit(string path, int limit)
    {
        List<EndlessStream> sent = [];
        RelayFileSource endless = RepositoryHandler.Serve(
            file =>
            {
                if (file != path)
                {
                    return Metadata(file);
                }

                sent.Add(new());
                return sent[^1];
            },
            TimeSpan.FromMinutes(1));

        await Assert.ThrowsAsync<InvalidDataException>(() => UpdateFromAsync(endless));

        // At most one chunk of the connection is read beyond the limit.
        Assert.All(sent, body => Assert.InRange(body.Position, limit, limit + 100_000));
        Assert.NotEmpty(sent);
    }

    [Fact]
    public async Task UpdateAsync_LargeTarget_ReachesTheDiskPartByPart()
    {
        byte[] large = new byte[4 << 20];
        await _scene.Original.PublishAsync("threat", 2, large);
        long handedOver = 0;
        long lagging = 0;
        HandedOverParts original = new(_scene.Source(), (path, bytes) =>
        {
            if (path.EndsWith("model.onnx", StringComparison.Ordinal))
            {
                handedOver += bytes;
                lagging = Math.Max(lagging, handedOver - new FileInfo(Path.Combine(_scene.Copy, ".staging", "file.tmp")).Length);
            }
        });

        await UpdateFromAsync(original);

        // The second name is made of the first; the model before has three bytes.
        Assert.Equal(large.Length + 3, handedOver);
        Assert.InRange(lagging, 1, 300_000);
    }

    [Fact]
    [Trait("Attack", "slow-body")]
    public async Task UpdateAsync_RelayThatStopsInABody_EndsWithAnErrorAndFreesTheFolder()
    {
        RelayFileSource stalling = RepositoryHandler.Serve(OnlyMetadata, TimeSpan.FromMilliseconds(100));

        IOException error = await Assert.ThrowsAsync<IOException>(() => UpdateFromAsync(stalling));

        Assert.Contains("slower", error.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, (await _scene.UpdateAsync()).Written);
    }

    [Fact]
    [Trait("Attack", "slow-body")]
    public async Task UpdateAsync_PastItsDeadline_EndsWithAnErrorAndFreesTheFolder()
    {
        RelayFileSource stalling = RepositoryHandler.Serve(OnlyMetadata, TimeSpan.FromMinutes(1));
        MirrorTimes times = new() { Deadline = TimeSpan.FromMilliseconds(100) };

        await Assert.ThrowsAsync<IOException>(() => UpdateFromAsync(stalling, times));
        Assert.NotEqual(0, (await _scene.UpdateAsync()).Written);
    }

    [Fact]
    public async Task UpdateAsync_AnotherRunHasTheFolder_SaysThatItWaitsAndEndsWithAnError()
    {
        Directory.CreateDirectory(_scene.Copy);
        using FileLock other = FileLock.TryAcquire(Path.Combine(_scene.Copy, ".lock"))!;
        List<string> lines = [];
        MirrorTimes times = new() { LockWait = TimeSpan.FromMilliseconds(1) };

        await Assert.ThrowsAsync<IOException>(() => new RepositoryMirror(_scene.Copy, TimeProvider.System, new DurableFiles(), times, lines.Add)
            .UpdateAsync(_scene.Source(), prune: false, CancellationToken.None));

        Assert.Single(lines);
    }

    private Task<MirrorResult> UpdateFromAsync(IStaticFileSource original, MirrorTimes? times = null) =>
        new RepositoryMirror(_scene.Copy, _scene.Original.Clock, new DurableFiles(), times).UpdateAsync(
            original, prune: false, CancellationToken.None);

    // Of the first target, one byte and nothing more.
    private Stream? OnlyMetadata(string path) => path.StartsWith("metadata/", StringComparison.Ordinal) ? Metadata(path) : new StalledStream();

    private MemoryStream? Metadata(string path) => _scene.Original.Serve(path) is { } content ? new(content) : null;
}
