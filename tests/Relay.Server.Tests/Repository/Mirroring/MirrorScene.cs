using Relay.Server.Repository.Mirroring;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository.Mirroring;

/// <summary>A repository with one release, and the folder of a mirror of it.</summary>
internal sealed class MirrorScene : IDisposable
{
    public TemporaryFolder Folder { get; } = new();

    public TestRepository Original { get; private set; } = null!;

    public string Copy => Folder.Combine("mirror");

    public async ValueTask InitializeAsync()
    {
        Original = await TestRepository.CreateAsync();
        await Original.PublishAsync("threat", 1, [1, 2, 3]);
    }

    public FolderFileSource Source() => new(Original.RepositoryPath);

    public Task<MirrorResult> UpdateAsync(bool prune = false) =>
        new RepositoryMirror(Copy, Original.Clock, new DurableFiles()).UpdateAsync(Source(), prune, CancellationToken.None);

    /// <summary>An update from a relay that misbehaves.</summary>
    public Task<MirrorResult> MirrorAsync(MisbehavingRepository repository) =>
        new RepositoryMirror(Copy, Original.Clock, new DurableFiles()).UpdateAsync(new ServedFiles(repository), prune: false, CancellationToken.None);

    /// <summary>Reads all of the copy as a node would, and each of its targets.</summary>
    public async Task<long> VerifiedVersionAsync(string? copy = null)
    {
        FolderFileSource files = new(copy ?? Copy);
        RepositoryContents contents = await new RepositoryReader(files, Original.Clock).ReadAsync(Original.FirstRoot, null, CancellationToken.None);
        foreach (TargetFile target in contents.Targets)
        {
            await RepositoryContents.ReadAsync(files, target, CancellationToken.None);
        }

        return contents.Trusted.Timestamp!.Version;
    }

    /// <summary>The paths of the metadata and targets of a folder.</summary>
    public static List<string> Files(string folder) =>
        [.. new[] { "metadata", "targets" }.SelectMany(part => Directory.EnumerateFiles(Path.Combine(folder, part), "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(folder, file))];

    public void Dispose()
    {
        Original.Dispose();
        Folder.Dispose();
    }
}
