using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Rotation;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Faults;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Repository.Rotation;

/// <summary>SIGKILL of a rotation before every single file operation: the relay that is left starts, has either keys, follows for nodes
/// that knew only the first root, and the rotation can be made again.</summary>
public sealed class RotationKillTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Attack", "kill")]
    [InlineData(RoleNames.Root, false)]
    [InlineData(RoleNames.Targets, false)]
    [InlineData(RoleNames.Channels, false)]
    [InlineData(RoleNames.Timestamp, false)]
    [InlineData(RoleNames.Timestamp, true)]
    public async Task Rotate_KilledBeforeAnyStep_TheRelayStartsAndNodesCanFollow(string role, bool lost)
    {
        using TemporaryFolder folder = new();
        (string keys, string repository) = (folder.Combine("relay/keys"), folder.Combine("relay/repository"));
        TestClock clock = new();
        using (SigningKeys first = (await KeyStore.OpenAsync(keys, clock, Cancel)).Keys)
        {
            await new RepositoryPublisher(repository, first, clock).InitializeAsync(Cancel);
        }

        if (lost)
        {
            File.Delete(Path.Combine(keys, role + ".pem"));
        }

        TemporaryFolder.Mirror(folder.Combine("relay"), folder.Combine("template"));
        HashSet<bool> found = [];
        bool finished = false;
        int step;
        for (step = 1; !finished; step++)
        {
            TemporaryFolder.Mirror(folder.Combine("template"), folder.Combine("relay"));
            finished = await DoomedRun.SurvivesAsync("rotate", clock.GetUtcNow(), step, keys, repository, role);

            // A lost key is missed until its successor is there: then the command is given again.
            if (!lost || Directory.GetFiles(keys, $"{role}*.pem").Length > 0)
            {
                using SigningKeys held = (await KeyStore.OpenAsync(keys, clock, Cancel)).Keys;
                RepositoryPublisher publisher = new(repository, held, clock);
                await publisher.InitializeAsync(Cancel);
                found.Add(Rotated(publisher, role));
                if (!lost || Rotated(publisher, role))
                {
                    AssertHeld(publisher, held);
                }
            }

            using SigningKeys again = KeyStore.OpenForRotation(keys);
            RepositoryPublisher next = new(repository, again, clock);
            await new KeyRotation(next, again, new DurableFiles()).RotateAsync(role, null, [], Cancel);
            Assert.True(Rotated(next, role));
            AssertHeld(next, again);
            AssertNodesFollow(repository, next, clock);
        }

        Assert.InRange(step, 20, 200);
        Assert.Contains(true, found);
        Assert.Contains(false, found);
    }

    private static bool Rotated(RepositoryPublisher publisher, string role) =>
        role == RoleNames.Channels ? publisher.Read().Targets.Version > 1 : publisher.Read().Root.Version > 1;

    /// <summary>Each role can be signed for, and no key lies about that nobody lists.</summary>
    private static void AssertHeld(RepositoryPublisher publisher, SigningKeys keys)
    {
        RoleAssignments layout = publisher.Read().Layout;
        Assert.All(RoleAssignments.RoleOrder, role => Assert.True(keys.Meet(layout[role])));
        Assert.All(KeyFolder.Read(keys.Folder!).Values.SelectMany(held => held), key => Assert.True(layout.Lists(key.KeyId)));
    }

    private static void AssertNodesFollow(string repository, RepositoryPublisher publisher, TestClock clock)
    {
        TrustedMetadata node = TrustedMetadata.Create(publisher.FirstRoot(), clock.GetUtcNow()).ValueOrThrow();
        foreach ((_, byte[] root) in publisher.Roots().Skip(1))
        {
            Assert.Null(node.UpdateRoot(root));
        }

        string metadata = Path.Combine(repository, "metadata");
        Assert.Null(node.UpdateTimestamp(File.ReadAllBytes(Path.Combine(metadata, MetadataPaths.Timestamp))));
        Assert.Null(node.UpdateSnapshot(File.ReadAllBytes(Path.Combine(metadata, node.SnapshotDownload.FileName))));
        Assert.Null(node.UpdateTargets(File.ReadAllBytes(Path.Combine(metadata, node.TargetsDownload!.FileName))));
    }
}
