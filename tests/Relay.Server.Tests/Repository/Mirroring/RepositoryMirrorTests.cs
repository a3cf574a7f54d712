using Relay.Server.Repository.Mirroring;
using Relay.TestKit.Trust;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository.Mirroring;

/// <summary>A mirror is consistent after every step of its making, and holds each file once.</summary>
public sealed class RepositoryMirrorTests : IAsyncLifetime
{
    private readonly MirrorScene _scene = new();

    public ValueTask InitializeAsync() => _scene.InitializeAsync();

    public ValueTask DisposeAsync()
    {
        _scene.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task UpdateAsync_NewFolder_HoldsAllThatTheOriginalServes()
    {
        MirrorResult result = await _scene.UpdateAsync();

        Assert.Equal(result.Written, MirrorScene.Files(_scene.Copy).Count);
        Assert.All(MirrorScene.Files(_scene.Copy), file => Assert.Equal(
            _scene.Original.Serve(file), File.ReadAllBytes(Path.Combine(_scene.Copy, file))));
        Assert.Contains(MisbehavingRepository.TimestampPath, MirrorScene.Files(_scene.Copy));
        Assert.Contains(MirrorScene.Files(_scene.Copy), file => file.EndsWith(".model.onnx.p7s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UpdateAsync_Again_WritesOnlyWhatIsNew()
    {
        await _scene.UpdateAsync();

        Assert.Equal(0, (await _scene.UpdateAsync()).Written);
        await _scene.Original.Releases.PointChannelAsync("canary", 1, null, CancellationToken.None);

        // The channel, its role, snapshot, timestamp.
        Assert.Equal(4, (await _scene.UpdateAsync()).Written);
    }

    [Fact]
    public async Task UpdateAsync_StoppedAfterAnyStep_LeavesTheOldStateOrTheNewOneWhole()
    {
        await _scene.UpdateAsync();
        long before = await _scene.VerifiedVersionAsync();
        await _scene.Original.PublishAsync("threat", 2, [4, 5, 6]);
        long after = before + 1;
        int steps = 0;
        bool whole = false;
        while (!whole)
        {
            string copy = _scene.Folder.Combine($"stopped-{steps}");
            CopyFolder(_scene.Copy, copy);
            int left = steps++;
            DurableFiles stopping = new(afterStep: _ =>
            {
                if (left-- == 0)
                {
                    throw new IOException("stopped here");
                }
            });
            try
            {
                await new RepositoryMirror(copy, _scene.Original.Clock, stopping).UpdateAsync(_scene.Source(), prune: false, CancellationToken.None);
                whole = true;
            }
            catch (IOException)
            {
                Assert.Contains(await _scene.VerifiedVersionAsync(copy), new[] { before, after });
            }

            await new RepositoryMirror(copy, _scene.Original.Clock, new DurableFiles()).UpdateAsync(
                _scene.Source(), prune: false, CancellationToken.None);
            Assert.Equal(after, await _scene.VerifiedVersionAsync(copy));
        }

        Assert.InRange(steps, 20, 1000);
    }

    [Fact]
    public async Task UpdateAsync_DamagedCopy_IsMended()
    {
        await _scene.Original.PublishEarlierFormAsync();
        await _scene.UpdateAsync();
        string[] names = ModelNames();
        await File.WriteAllBytesAsync(names[0], [9, 9, 9]);

        // The two names are one file, and both are mended.
        Assert.Equal(2, (await _scene.UpdateAsync()).Written);
        Assert.All(names, name => Assert.Equal([1, 2, 3], File.ReadAllBytes(name)));
        Assert.Equal(0, (await _scene.UpdateAsync()).Written);
    }

    [Fact]
    public async Task UpdateAsync_TargetWithTwoNames_TakesItsSpaceOnce()
    {
        await _scene.Original.PublishEarlierFormAsync();
        await _scene.UpdateAsync();
        string[] names = ModelNames();
        Assert.Equal(2, names.Length);

        // Bytes written through one name are read under the other.
        await File.WriteAllBytesAsync(names[0], [9]);

        Assert.Equal([9], await File.ReadAllBytesAsync(names[1]));
    }

    [Fact]
    public async Task UpdateAsync_OneNameIsMissing_IsGivenBack()
    {
        await _scene.Original.PublishEarlierFormAsync();
        await _scene.UpdateAsync();
        string[] names = ModelNames();
        File.Delete(names[0]);

        Assert.Equal(1, (await _scene.UpdateAsync()).Written);
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(names[0]));
    }

    [Fact]
    public async Task UpdateAsync_Prune_DeletesOnlyWhatNothingLeadsTo()
    {
        await _scene.UpdateAsync();
        await _scene.Original.Releases.PointChannelAsync("canary", 1, null, CancellationToken.None);
        int kept = MirrorScene.Files(_scene.Copy).Count;

        MirrorResult result = await _scene.UpdateAsync(prune: true);

        // The snapshot and the channels before; the timestamp took its own place.
        Assert.Equal(2, result.Deleted);
        Assert.Equal(kept + 3 - 2, MirrorScene.Files(_scene.Copy).Count);
        await _scene.VerifiedVersionAsync();
    }

    private string[] ModelNames() =>
        [.. MirrorScene.Files(_scene.Copy).Where(f => f.EndsWith(".model.onnx", StringComparison.Ordinal)).Select(f => Path.Combine(_scene.Copy, f))];

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
