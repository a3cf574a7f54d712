using Relay.Server.Repository.Mirroring;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository.Mirroring;

/// <summary>A mirror is consistent after every step of its making, and never goes back.</summary>
public sealed class RepositoryMirrorTests : IAsyncLifetime
{
    private const string Timestamp = "metadata/timestamp.json";
    private readonly TemporaryFolder _folder = new();
    private TestRepository _original = null!;

    private string Copy => _folder.Combine("mirror");

    public async ValueTask InitializeAsync()
    {
        _original = await TestRepository.CreateAsync();
        await _original.PublishAsync("threat", 1, [1, 2, 3]);
    }

    public ValueTask DisposeAsync()
    {
        _original.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task UpdateAsync_NewFolder_HoldsAllThatTheOriginalServes()
    {
        MirrorResult result = await UpdateAsync();

        Assert.Equal(result.Written, Files(Copy).Count);
        Assert.All(Files(Copy), file => Assert.Equal(_original.Serve(file), File.ReadAllBytes(Path.Combine(Copy, file))));
        Assert.Contains(Timestamp, Files(Copy));
        Assert.Contains(Files(Copy), file => file.EndsWith(".model.onnx.p7s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UpdateAsync_Again_WritesOnlyWhatIsNew()
    {
        await UpdateAsync();

        Assert.Equal(0, (await UpdateAsync()).Written);
        await _original.Releases.PointChannelAsync("canary", 1, null, CancellationToken.None);

        // The channel under two hashes, its role, snapshot, timestamp.
        Assert.Equal(5, (await UpdateAsync()).Written);
    }

    [Fact]
    public async Task UpdateAsync_StoppedAfterAnyStep_LeavesTheOldStateOrTheNewOneWhole()
    {
        await UpdateAsync();
        long before = await VerifiedVersionAsync();
        await _original.PublishAsync("threat", 2, [4, 5, 6]);
        long after = before + 1;
        int steps = 0;
        bool whole = false;
        while (!whole)
        {
            string copy = _folder.Combine($"stopped-{steps}");
            CopyFolder(Copy, copy);
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
                await new RepositoryMirror(copy, _original.Clock, stopping).UpdateAsync(Original(), prune: false, CancellationToken.None);
                whole = true;
            }
            catch (IOException)
            {
                Assert.Contains(await VerifiedVersionAsync(copy), new[] { before, after });
            }

            await new RepositoryMirror(copy, _original.Clock, new DurableFiles()).UpdateAsync(Original(), prune: false, CancellationToken.None);
            Assert.Equal(after, await VerifiedVersionAsync(copy));
        }

        Assert.InRange(steps, 20, 1000);
    }

    [Fact]
    public async Task UpdateAsync_DamagedCopy_IsMended()
    {
        await UpdateAsync();
        string model = Path.Combine(Copy, Files(Copy).First(f => f.EndsWith(".model.onnx", StringComparison.Ordinal)));
        await File.WriteAllBytesAsync(model, [9, 9, 9]);

        Assert.Equal(1, (await UpdateAsync()).Written);
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(model));
    }

    [Fact]
    public async Task UpdateAsync_Prune_DeletesOnlyWhatNothingLeadsTo()
    {
        await UpdateAsync();
        await _original.Releases.PointChannelAsync("canary", 1, null, CancellationToken.None);
        int kept = Files(Copy).Count;

        MirrorResult result = await UpdateAsync(prune: true);

        // The snapshot and the channels before; the timestamp took its own place.
        Assert.Equal(2, result.Deleted);
        Assert.Equal(kept + 4 - 2, Files(Copy).Count);
        await VerifiedVersionAsync();
    }

    [Fact]
    public async Task UpdateAsync_OriginalThatWentBack_IsRefusedAndTheCopyStays()
    {
        byte[] old = _original.Serve(Timestamp)!;
        await _original.PublishAsync("threat", 2, [4, 5, 6]);
        await UpdateAsync();
        byte[] current = await File.ReadAllBytesAsync(Path.Combine(Copy, Timestamp));
        await File.WriteAllBytesAsync(Path.Combine(_original.RepositoryPath, Timestamp), old);

        await Assert.ThrowsAsync<InvalidDataException>(() => UpdateAsync());
        Assert.Equal(current, await File.ReadAllBytesAsync(Path.Combine(Copy, Timestamp)));
    }

    [Fact]
    public async Task UpdateAsync_AnotherRepository_IsRefused()
    {
        await UpdateAsync();
        using TestRepository stranger = await TestRepository.CreateAsync();
        await stranger.PublishAsync("threat", 1, [1, 2, 3]);

        await Assert.ThrowsAsync<InvalidDataException>(() => new RepositoryMirror(Copy, stranger.Clock, new DurableFiles())
            .UpdateAsync(new FolderFileSource(stranger.RepositoryPath), prune: false, CancellationToken.None));
    }

    [Fact]
    public async Task UpdateAsync_AlteredTargetInTheOriginal_IsRefused()
    {
        string model = Files(_original.RepositoryPath).First(f => f.EndsWith(".model.onnx", StringComparison.Ordinal));
        foreach (string file in Files(_original.RepositoryPath).Where(f => f.EndsWith(".model.onnx", StringComparison.Ordinal)))
        {
            await File.WriteAllBytesAsync(Path.Combine(_original.RepositoryPath, file), [3, 2, 1]);
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => UpdateAsync());
        Assert.False(File.Exists(Path.Combine(Copy, Timestamp)));
        Assert.False(File.Exists(Path.Combine(Copy, model)));
    }

    private Task<MirrorResult> UpdateAsync(bool prune = false) =>
        new RepositoryMirror(Copy, _original.Clock, new DurableFiles()).UpdateAsync(Original(), prune, CancellationToken.None);

    private FolderFileSource Original() => new(_original.RepositoryPath);

    // Reads all of the copy as a node would, and each of its targets.
    private async Task<long> VerifiedVersionAsync(string? copy = null)
    {
        FolderFileSource files = new(copy ?? Copy);
        RepositoryContents contents = await new RepositoryReader(files, _original.Clock).ReadAsync(_original.FirstRoot, null, CancellationToken.None);
        foreach (TargetFile target in contents.Targets)
        {
            await RepositoryContents.ReadAsync(files, target, CancellationToken.None);
        }

        return contents.Trusted.Timestamp!.Version;
    }

    private static List<string> Files(string folder) =>
        [.. new[] { "metadata", "targets" }.SelectMany(part => Directory.EnumerateFiles(Path.Combine(folder, part), "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(folder, file))];

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
