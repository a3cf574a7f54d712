using System.Formats.Tar;
using Relay.Server.Repository.Mirroring;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository.Mirroring;

public sealed class BundleWriterTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestRepository _repository = null!;

    private string Bundle => _folder.Combine("bundle");

    public async ValueTask InitializeAsync()
    {
        _repository = await TestRepository.CreateAsync();
        await _repository.PublishAsync("threat", 1, [1, 2, 3]);
        await _repository.PublishAsync("threat", 2, [4, 5, 6]);
    }

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task WriteAsync_Channel_HoldsItsReleaseAndNotTheOneBefore()
    {
        BundleResult result = await WriteAsync("stable");

        Dictionary<string, byte[]> entries = Read();
        Assert.Equal([2], result.Releases);
        Assert.Equal(entries.Count, result.Files);
        Assert.Equal(new FileInfo(Bundle).Length, result.Bytes);
        Assert.All(
            entries.Where(entry => entry.Key.StartsWith(BundleFormat.MetadataPrefix, StringComparison.Ordinal)),
            entry => Assert.Equal(_repository.Serve(entry.Key), entry.Value));
        Assert.Contains("metadata/1.root.json", entries.Keys);
        Assert.Equal([4, 5, 6], entries[NameOf([4, 5, 6])]);
        Assert.DoesNotContain(NameOf([1, 2, 3]), entries.Keys);
    }

    [Fact]
    public async Task WriteAsync_ChannelInARollout_HoldsBothReleases()
    {
        await _repository.Releases.PointChannelAsync("stable", 1, new(2, 10, "salt"), CancellationToken.None);

        Assert.Equal([1, 2], (await WriteAsync("stable")).Releases);
        Assert.Equal([1, 2, 3], Read()[NameOf([1, 2, 3])]);
    }

    [Fact]
    public async Task WriteAsync_ChannelThatDoesNotExist_FailsAndLeavesNoFile()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => WriteAsync("nowhere"));
        Assert.False(File.Exists(Bundle));
    }

    [Fact]
    public async Task WriteAsync_WhileThePublisherPublishes_IsAlwaysOneWholeState()
    {
        using CancellationTokenSource done = new();
        Task publishing = Task.Run(async () =>
        {
            for (int version = 3; version < 15; version++)
            {
                await _repository.PublishAsync("threat", version, [(byte)version]);
            }

            await done.CancelAsync();
        });
        int written = 0;
        while (!done.IsCancellationRequested || written == 0)
        {
            int release = Assert.Single((await WriteAsync("stable")).Releases);
            Assert.Contains(NameOf(release == 2 ? [4, 5, 6] : [(byte)release]), Read().Keys);
            written++;
        }

        await publishing;
    }

    private Task<BundleResult> WriteAsync(string channel) =>
        new BundleWriter(new FolderFileSource(_repository.RepositoryPath), _repository.Clock, new DurableFiles())
            .WriteAsync(channel, Bundle, CancellationToken.None);

    private static string NameOf(byte[] content) => BundleFormat.TargetName(FileHashes.Compute(content).Sha256!);

    private Dictionary<string, byte[]> Read()
    {
        Dictionary<string, byte[]> entries = [];
        using TarReader tar = new(File.OpenRead(Bundle));
        while (tar.GetNextEntry() is { } entry)
        {
            using MemoryStream content = new();
            entry.DataStream?.CopyTo(content);
            entries.Add(entry.Name, content.ToArray());
        }

        return entries;
    }
}
