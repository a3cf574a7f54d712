using System.Text.Json.Nodes;
using Relay.Server.Repository.Mirroring;
using Relay.TestKit.Trust;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository.Mirroring;

/// <summary>Originals that a mirror must not take, and paths that it must not write.</summary>
public sealed class MirrorAttackTests : IAsyncLifetime
{
    private readonly MirrorScene _scene = new();

    public ValueTask InitializeAsync() => _scene.InitializeAsync();

    public ValueTask DisposeAsync()
    {
        _scene.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task UpdateAsync_OriginalThatWentBack_IsRefusedAndTheCopyStays()
    {
        byte[] old = _scene.Original.Serve(MisbehavingRepository.TimestampPath)!;
        await _scene.Original.PublishAsync("threat", 2, [4, 5, 6]);
        await _scene.UpdateAsync();
        byte[] current = await File.ReadAllBytesAsync(Path.Combine(_scene.Copy, MisbehavingRepository.TimestampPath));
        await File.WriteAllBytesAsync(Path.Combine(_scene.Original.RepositoryPath, MisbehavingRepository.TimestampPath), old);

        await Assert.ThrowsAsync<InvalidDataException>(() => _scene.UpdateAsync());
        Assert.Equal(current, await File.ReadAllBytesAsync(Path.Combine(_scene.Copy, MisbehavingRepository.TimestampPath)));
    }

    [Fact]
    public async Task UpdateAsync_AnotherRepository_IsRefused()
    {
        await _scene.UpdateAsync();
        using TestRepository stranger = await TestRepository.CreateAsync();
        await stranger.PublishAsync("threat", 1, [1, 2, 3]);

        await Assert.ThrowsAsync<InvalidDataException>(() => new RepositoryMirror(_scene.Copy, stranger.Clock, new DurableFiles())
            .UpdateAsync(new FolderFileSource(stranger.RepositoryPath), prune: false, CancellationToken.None));
    }

    [Fact]
    public async Task UpdateAsync_AlteredTargetInTheOriginal_IsRefused()
    {
        string model = MirrorScene.Files(_scene.Original.RepositoryPath).First(f => f.EndsWith(".model.onnx", StringComparison.Ordinal));
        foreach (string file in MirrorScene.Files(_scene.Original.RepositoryPath).Where(f => f.EndsWith(".model.onnx", StringComparison.Ordinal)))
        {
            await File.WriteAllBytesAsync(Path.Combine(_scene.Original.RepositoryPath, file), [3, 2, 1]);
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => _scene.UpdateAsync());
        Assert.False(File.Exists(Path.Combine(_scene.Copy, MisbehavingRepository.TimestampPath)));
        Assert.False(File.Exists(Path.Combine(_scene.Copy, model)));
    }

    [Theory]
    [InlineData("../../../x")]
    [InlineData("channels/../../x")]
    [InlineData("/tmp/x")]
    [Trait("Attack", "path-traversal")]
    public async Task UpdateAsync_OnlineKeysListAPathOutside_WritesNothingAnywhere(string path)
    {
        await _scene.UpdateAsync();
        List<string> before = Files(_scene.Folder.FullPath, "");
        using MisbehavingRepository stolen = new(_scene.Original);
        ListAs(stolen, path, "x"u8.ToArray());

        await Assert.ThrowsAsync<InvalidDataException>(() => _scene.MirrorAsync(stolen));

        Assert.Equal(before, Files(_scene.Folder.FullPath, "").Where(file => !file.Contains(".staging", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Attack", "unlisted-file")]
    public async Task UpdateAsync_RoleListsAPathThatWasNotDelegatedToIt_IsNotCopied()
    {
        using MisbehavingRepository stolen = new(_scene.Original);
        ListAs(stolen, "models/evil/1/model.onnx", "x"u8.ToArray());

        await _scene.MirrorAsync(stolen);

        Assert.DoesNotContain(MirrorScene.Files(_scene.Copy), file => file.Contains("evil", StringComparison.Ordinal));
        Assert.Contains(MirrorScene.Files(_scene.Copy), file => file.EndsWith(".stable.json", StringComparison.Ordinal));
    }

    private static List<string> Files(string folder, string part) =>
        [.. Directory.EnumerateFiles(Path.Combine(folder, part), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

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
                ["hashes"] = new JsonObject { ["sha256"] = hashes.Sha256 },
            };
        },
        RoleNames.Channels);
}
