using Relay.Server.Repository.Publishing;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Relay.Server.Tests.Repository;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Relay.TestKit.Trust;

namespace Relay.Server.Tests.Storage.Folders;

/// <summary>A machine is gone at any step of a publication, with its disk: the next one has the state before or after it, and goes on.</summary>
public sealed class StoredRepositoryTests
{
    [Fact]
    [Trait("Attack", "kill")]
    public async Task Publish_MachineGoneAfterAnyStep_TheNextHasTheOldOrTheNewAndGoesOn()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        bool finished = false;
        HashSet<int> seen = [];
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        await scene.Releases.PublishAsync(scene.Request(1), CancellationToken.None).AcceptedAsync();
        using TemporaryFolder start = new();
        using TemporaryFolder keys = new();
        string key = keys.Combine("folder.key");
        await File.WriteAllTextAsync(key, new string('1', 64));
        TemporaryFolder.Mirror(scene.Data.Root, start.FullPath);
        string server = PostgresServer.Shared.CreateDatabase();
        for (int steps = 1; !finished; steps++)
        {
            using TemporaryFolder next = new();
            PostgresServer.Shared.Execute(server, "DROP SCHEMA IF EXISTS relay_folder CASCADE");
            TemporaryFolder.Mirror(start.FullPath, scene.Data.Root);
            DataFolder gone = new(scene.Data.Root, server) { FolderKeyFile = key };
            using (StoredFolders.Store(gone))
            {
                finished = await new CrashPoint(steps).RunAsync(
                    files => new ReleasePublisher(scene.Open(files)).PublishAsync(scene.Request(2), CancellationToken.None).AcceptedAsync());
            }

            DataFolder there = new(next.Combine("data"), gone.Server) { FolderKeyFile = gone.FolderKeyFile };
            using StoredFolder? stored = StoredFolders.TakeOver(there);
            int release = scene.OpenAt(there).Read().LatestRelease;
            Assert.InRange(release, scene.Read().LatestRelease, 2);
            seen.Add(release);

            Assert.Equal(2, await PublishAsync(scene, there, 2));
            Assert.Equal(3, await PublishAsync(scene, there, 3));
            Assert.Equal(3, scene.OpenAt(there).Read().Channels["stable"].Release);
        }

        Assert.Equal([1, 2], seen.Order());
    }

    private static async Task<int> PublishAsync(RepositoryScene scene, DataFolder folder, int version)
    {
        ReleasePublisher publisher = new(scene.OpenAt(folder));
        return (await publisher.PublishAsync(scene.Request(version), CancellationToken.None).AcceptedAsync()).Release.Number;
    }
}
