using DoomedProcess;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Rotation;
using Relay.TestKit;
using Relay.TestKit.Faults;
using Relay.TestKit.Trust;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

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
            await new RepositoryInitializer(new(repository, first, clock)).RunAsync(Cancel);
        }

        if (lost)
        {
            File.Delete(Path.Combine(keys, role + ".pem"));
        }

        HashSet<bool> found = [];
        string[] arguments = [keys, repository, role];
        KillPoints kills = new(
            folder.Combine("relay"),
            async step => Assert.Equal(0, await DoomedCommands.RunAsync("rotate", clock.GetUtcNow(), step, arguments)),
            step => DoomedRun.SurvivesAsync("rotate", clock.GetUtcNow(), step, arguments));

        int states = await kills.ForEachAsync(async () =>
        {
            // A lost key is missed until its successor is there: then the command is given again.
            if (!lost || Directory.GetFiles(keys, $"{role}*.pem").Length > 0)
            {
                using SigningKeys held = (await KeyStore.OpenAsync(keys, clock, Cancel)).Keys;
                TufRepository started = new(repository, held, clock);
                await new RepositoryInitializer(started).RunAsync(Cancel);
                found.Add(Rotated(started, role));
                if (!lost || Rotated(started, role))
                {
                    AssertHeld(started, held);
                }
            }

            using SigningKeys again = KeyStore.OpenForRotation(keys);
            TufRepository next = new(repository, again, clock);
            await new KeyRotation(new RotationService(next), again, new DurableFiles()).RotateAsync(role, null, [], Cancel).AcceptedAsync();
            Assert.True(Rotated(next, role));
            AssertHeld(next, again);
            AssertNodesFollow(repository, next, clock);
        });

        Assert.InRange(states, 20, 200);
        Assert.Contains(true, found);
        Assert.Contains(false, found);
    }

    private static bool Rotated(TufRepository repository, string role) =>
        role == RoleNames.Channels ? repository.Read().Targets.Version > 1 : repository.Read().Root.Version > 1;

    /// <summary>Each role can be signed for, and no key is left that no role lists.</summary>
    private static void AssertHeld(TufRepository repository, SigningKeys keys)
    {
        RoleAssignments assignments = repository.Read().Assignments;
        Assert.All(RoleAssignments.RoleOrder, role => Assert.True(keys.CanSign(assignments[role])));
        Assert.All(KeyFolder.Read(keys.Folder!).Values.SelectMany(held => held), key => Assert.True(assignments.Lists(key.KeyId)));
    }

    private static void AssertNodesFollow(string folder, TufRepository repository, TestClock clock)
    {
        TrustedMetadata node = TrustedMetadata.Create(repository.FirstRoot(), clock.GetUtcNow()).ValueOrThrow();
        foreach ((_, byte[] root) in repository.Roots().Skip(1))
        {
            Assert.Null(node.UpdateRoot(root));
        }

        string metadata = Path.Combine(folder, "metadata");
        Assert.Null(node.UpdateTimestamp(File.ReadAllBytes(Path.Combine(metadata, MetadataPaths.Timestamp))));
        Assert.Null(node.UpdateSnapshot(File.ReadAllBytes(Path.Combine(metadata, node.SnapshotDownload.FileName))));
        Assert.Null(node.UpdateTargets(File.ReadAllBytes(Path.Combine(metadata, node.TargetsDownload!.FileName))));
    }
}
