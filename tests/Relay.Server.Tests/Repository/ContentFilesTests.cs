using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.Server.Repository.Publishing;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository;

/// <summary>A published model takes its space once: artifact and target are names of one file.</summary>
public sealed class ContentFilesTests
{
    private static readonly byte[] Content = [1, 2, 3, 1];

    [Fact]
    public async Task PublishAsync_Artifact_IsOneFileUnderAllItsNames()
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();

        await scene.Releases.PublishAsync(scene.Request(1), CancellationToken.None).AcceptedAsync();

        // Bytes written through one name are read under the others; nothing but this test writes into such a file.
        string[] names = ModelFiles(scene);
        Assert.Single(names);
        Assert.All(names, name => Assert.Equal(Content, File.ReadAllBytes(name)));
        File.WriteAllBytes(scene.ArtifactOf(Content), [9]);
        Assert.All(names, name => Assert.Equal([9], File.ReadAllBytes(name)));
    }

    [Fact]
    public async Task PublishAsync_NoLinkToTheArtifact_WritesTheContent()
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        DurableFiles withoutLinks = new(step =>
        {
            if (step.Operation is FileOperation.Link)
            {
                File.Delete(scene.ArtifactOf(Content));
            }
        });

        await new ReleasePublisher(scene.Open(withoutLinks)).PublishAsync(scene.Request(1), CancellationToken.None).AcceptedAsync();

        Assert.False(File.Exists(scene.ArtifactOf(Content)));
        Assert.All(ModelFiles(scene), name => Assert.Equal(Content, File.ReadAllBytes(name)));
        Assert.Equal(1, scene.Read().LatestRelease);
    }

    [Fact]
    public async Task PublishAsync_DamagedArtifact_IsNotPublished()
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        PublishRequest request = scene.Request(1);
        File.WriteAllBytes(scene.ArtifactOf(Content), [9]);

        await scene.Releases.PublishAsync(request, CancellationToken.None).AcceptedAsync();

        Assert.All(ModelFiles(scene), name => Assert.Equal(Content, File.ReadAllBytes(name)));
    }

    [Fact]
    public async Task PublishAsync_FolderOfAnEarlierRelayWithCopies_GoesOn()
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        TufRepository earlier = new(scene.Repository, scene.Keys, scene.Clock);
        await new ReleasePublisher(earlier).PublishAsync(scene.Request(1), CancellationToken.None).AcceptedAsync();
        string[] names = ModelFiles(scene);
        File.Delete(names[0]);
        File.WriteAllBytes(names[0], Content);

        await scene.Releases.PublishAsync(scene.Request(1), CancellationToken.None).AcceptedAsync();
        await scene.Releases.PublishAsync(scene.Request(2), CancellationToken.None).AcceptedAsync();

        Assert.All(names, name => Assert.Equal(Content, File.ReadAllBytes(name)));
        Assert.Equal(2, scene.Read().Channels["stable"].Release);
    }

    [Fact]
    public void AddPending_Artifact_IsOneFile()
    {
        using TemporaryFolder folder = new();
        string artifact = folder.Combine(FileHashes.Compute(Content).Sha256!);
        File.WriteAllBytes(artifact, Content);
        DurableFiles files = new();
        RepositoryChange change = new(null);
        change.SetTarget(TargetPaths.Model("threat", 1), Content);
        PendingFolder pending = new(folder.Combine("pending"), files, new(files, folder.FullPath));

        pending.Add("1-0", [1], new PendingSummary("1-0", default, 1, [], []), change);

        File.WriteAllBytes(artifact, [9]);
        Assert.Equal([9], pending.ReadContent("1-0", change.Content[0].File));
    }

    private static string[] ModelFiles(RepositoryScene scene) => Directory.GetFiles(
        Path.Combine(scene.Repository, RepositoryFiles.TargetsFolder, "models", "threat", "1"), "*.model.onnx");
}
