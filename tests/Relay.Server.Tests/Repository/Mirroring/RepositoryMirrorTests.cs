using System.Text.Json.Nodes;
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
        string[] names = ModelNames();
        await File.WriteAllBytesAsync(names[0], [9, 9, 9]);

        // The two names are one file, and both are mended.
        Assert.Equal(2, (await UpdateAsync()).Written);
        Assert.All(names, name => Assert.Equal([1, 2, 3], File.ReadAllBytes(name)));
        Assert.Equal(0, (await UpdateAsync()).Written);
    }

    [Fact]
    public async Task UpdateAsync_TargetWithTwoNames_TakesItsSpaceOnce()
    {
        await UpdateAsync();
        string[] names = ModelNames();
        Assert.Equal(2, names.Length);

        // Bytes written through one name are read under the other.
        await File.WriteAllBytesAsync(names[0], [9]);

        Assert.Equal([9], await File.ReadAllBytesAsync(names[1]));
    }

    [Fact]
    public async Task UpdateAsync_OneNameIsMissing_IsGivenBack()
    {
        await UpdateAsync();
        string[] names = ModelNames();
        File.Delete(names[0]);

        Assert.Equal(1, (await UpdateAsync()).Written);
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(names[0]));
    }

    private string[] ModelNames() =>
        [.. Files(Copy).Where(f => f.EndsWith(".model.onnx", StringComparison.Ordinal)).Select(f => Path.Combine(Copy, f))];

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

    [Theory]
    [InlineData("../../../x")]
    [InlineData("channels/../../x")]
    [InlineData("/tmp/x")]
    [Trait("Attack", "path-traversal")]
    public async Task UpdateAsync_OnlineKeysListAPathOutside_WritesNothingAnywhere(string path)
    {
        await UpdateAsync();
        List<string> before = Files(_folder.FullPath, "");
        using MisbehavingRepository stolen = new(_original);
        ListAs(stolen, path, "x"u8.ToArray());

        await Assert.ThrowsAsync<InvalidDataException>(() => MirrorOf(stolen));

        Assert.Equal(before, Files(_folder.FullPath, "").Where(file => !file.Contains(".staging", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Attack", "unlisted-file")]
    public async Task UpdateAsync_RoleListsAPathThatWasNotDelegatedToIt_IsNotCopied()
    {
        using MisbehavingRepository stolen = new(_original);
        ListAs(stolen, "models/evil/1/model.onnx", "x"u8.ToArray());

        await MirrorOf(stolen);

        Assert.DoesNotContain(Files(Copy), file => file.Contains("evil", StringComparison.Ordinal));
        Assert.Contains(Files(Copy), file => file.EndsWith(".stable.json", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Attack", "endless-body")]
    public async Task UpdateAsync_EndlessMetadata_StopsAtTheLimit()
    {
        using MisbehavingRepository endless = new(_original);
        endless.Endless("metadata/1.root.json");

        await Assert.ThrowsAsync<InvalidDataException>(() => MirrorOf(endless));
    }

    [Fact]
    public async Task UpdateAsync_LargeTarget_ReachesTheDiskPartByPart()
    {
        byte[] large = new byte[4 << 20];
        await _original.PublishAsync("threat", 2, large);
        long handedOver = 0;
        long lagging = 0;
        HandedOverParts original = new(Original(), (path, bytes) =>
        {
            if (path.EndsWith("model.onnx", StringComparison.Ordinal))
            {
                handedOver += bytes;
                lagging = Math.Max(lagging, handedOver - new FileInfo(Path.Combine(Copy, ".staging", "file.tmp")).Length);
            }
        });

        await new RepositoryMirror(Copy, _original.Clock, new DurableFiles()).UpdateAsync(original, prune: false, CancellationToken.None);

        // The second name is made of the first; the model before has three bytes.
        Assert.Equal(large.Length + 3, handedOver);
        Assert.InRange(lagging, 1, 300_000);
    }

    [Fact]
    [Trait("Attack", "slow-body")]
    public async Task UpdateAsync_RelayThatStopsInABody_EndsWithAnErrorAndFreesTheFolder()
    {
        using HttpClient http = new(new StallingHandler(_original)) { BaseAddress = new("https://relay.test") };
        RelayFileSource stalling = new(http, TimeProvider.System, TimeSpan.FromMilliseconds(100));

        IOException error = await Assert.ThrowsAsync<IOException>(() =>
            new RepositoryMirror(Copy, _original.Clock, new DurableFiles()).UpdateAsync(stalling, prune: false, CancellationToken.None));

        Assert.Contains("slower", error.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, (await UpdateAsync()).Written);
    }

    [Fact]
    [Trait("Attack", "slow-body")]
    public async Task UpdateAsync_PastItsDeadline_EndsWithAnErrorAndFreesTheFolder()
    {
        using HttpClient http = new(new StallingHandler(_original)) { BaseAddress = new("https://relay.test") };
        RelayFileSource stalling = new(http, TimeProvider.System, TimeSpan.FromMinutes(1));
        MirrorTimes times = new() { Deadline = TimeSpan.FromMilliseconds(100) };

        await Assert.ThrowsAsync<IOException>(() =>
            new RepositoryMirror(Copy, _original.Clock, new DurableFiles(), times).UpdateAsync(stalling, prune: false, CancellationToken.None));
        Assert.NotEqual(0, (await UpdateAsync()).Written);
    }

    [Fact]
    public async Task UpdateAsync_AnotherRunHasTheFolder_SaysThatItWaitsAndEndsWithAnError()
    {
        Directory.CreateDirectory(Copy);
        using FileLock other = FileLock.TryAcquire(Path.Combine(Copy, ".lock"))!;
        List<string> lines = [];
        MirrorTimes times = new() { LockWait = TimeSpan.FromMilliseconds(1) };

        await Assert.ThrowsAsync<IOException>(() => new RepositoryMirror(Copy, TimeProvider.System, new DurableFiles(), times, lines.Add)
            .UpdateAsync(Original(), prune: false, CancellationToken.None));

        Assert.Single(lines);
    }

    private static void ListAs(MisbehavingRepository stolen, string path, byte[] content) => stolen.Forge(
        RoleNames.Channels,
        signed =>
        {
            FileHashes hashes = FileHashes.Compute(content);
            stolen.Replace($"targets/{Path.GetDirectoryName(path)}/{hashes.Sha256}.{Path.GetFileName(path)}", content);
            signed["version"] = 99;
            signed["targets"]![path] = new JsonObject
            {
                ["length"] = content.Length,
                ["hashes"] = new JsonObject { ["sha256"] = hashes.Sha256, ["sha512"] = hashes.Sha512 },
            };
        },
        RoleNames.Channels);

    private Task<MirrorResult> MirrorOf(MisbehavingRepository repository) =>
        new RepositoryMirror(Copy, _original.Clock, new DurableFiles()).UpdateAsync(new Served(repository), prune: false, CancellationToken.None);

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

    private static List<string> Files(string folder, string part) =>
        [.. Directory.EnumerateFiles(Path.Combine(folder, part), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

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

    /// <summary>What a stolen relay serves.</summary>
    private sealed class Served(MisbehavingRepository repository) : IStaticFileSource
    {
        public async Task<bool> CopyAsync(
            string path, long limit, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
        {
            if (repository.Serve(path) is not { } content)
            {
                return false;
            }

            if (content.Length > limit)
            {
                throw new InvalidDataException("longer than the limit");
            }

            await take(content, cancellationToken);
            return true;
        }
    }

    private sealed class HandedOverParts(IStaticFileSource files, Action<string, int> seen) : IStaticFileSource
    {
        public Task<bool> CopyAsync(
            string path, long limit, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, CancellationToken cancellationToken) =>
            files.CopyAsync(
                path,
                limit,
                (part, stop) =>
                {
                    seen(path, part.Length);
                    return take(part, stop);
                },
                cancellationToken);
    }

    /// <summary>A relay that sends metadata and then, of the first target, one byte and nothing more.</summary>
    private sealed class StallingHandler(TestRepository repository) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string path = request.RequestUri!.AbsolutePath;
            string file = path[(path.IndexOf("/v1/repository/", StringComparison.Ordinal) + "/v1/repository/".Length)..];
            byte[]? content = repository.Serve(file);
            return Task.FromResult(content is null ? new HttpResponseMessage(System.Net.HttpStatusCode.NotFound)
                : new HttpResponseMessage
                {
                    Content = file.StartsWith("metadata/", StringComparison.Ordinal)
                        ? new ByteArrayContent(content)
                        : new StreamContent(new StalledStream()),
                });
        }
    }

    private sealed class StalledStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get; set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position++ > 0)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return 1;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
