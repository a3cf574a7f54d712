using System.Security.Cryptography;
using Relay.TestKit;
using Relay.TestKit.Faults;
using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client.Identity;
using Sync.Client.Storage;

namespace Sync.Client.Tests.Identity;

/// <summary>The key of a node in its store.</summary>
public sealed partial class NodeIdentityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();

    private string Store => _folder.Combine("store");

    private string KeyFile => Path.Combine(Store, "node-key.pem");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Prepare_EmptyStore_MakesAKeyThatOnlyThisAccountReadsAndKeepsIt()
    {
        byte[] first = ReadPublicKey();

        Assert.Equal(first, ReadPublicKey());
        Assert.Contains("-----BEGIN PRIVATE KEY-----", File.ReadAllText(KeyFile), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }
    }

    [Fact]
    public void Prepare_LeftoverOfAKilledStartThatOthersMayRead_KeyIsForThisAccountAllTheSame()
    {
        Directory.CreateDirectory(Store);
        File.WriteAllText(KeyFile + ".tmp", "half a key");

        ReadPublicKey();

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }
    }

    [Fact]
    public void Prepare_StoreWasCopiedWithRightsForOthers_TakesThemAway()
    {
        if (!OperatingSystem.IsWindows())
        {
            byte[] before = ReadPublicKey();
            File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

            Assert.Equal(before, ReadPublicKey());
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }
    }

    [Fact]
    public void Prepare_StoreOfAnotherProcess_UsesItsKeyAndMakesNone()
    {
        using NodeStore empty = NodeStore.Open(Store);
        using NodeStore second = NodeStore.Open(Store);
        using NodeIdentity identity = new("node-1", second, _clock);
        Refusal? without = identity.Prepare();
        using NodeIdentity owner = new("node-1", empty, _clock);
        owner.Prepare();

        Assert.Equal(RefusalReason.StoreInUse, without?.Reason);
        Assert.Null(identity.Prepare());
        Assert.Equal(owner.Key?.PublicKey, identity.Key?.PublicKey);
    }

    [Fact]
    public void Prepare_FolderDeletedWhileTheNodeRuns_WritesTheSameKeyAndNoteAgain()
    {
        Uri relay = new("https://relay:60002/");
        byte[] before;
        using (NodeStore store = NodeStore.Open(Store))
        {
            using NodeIdentity identity = new("node-1", store, _clock);
            identity.Prepare();
            before = identity.Key!.PublicKey;
            identity.NoteEnrolled(relay);
            identity.Save();
            Directory.Delete(Store, recursive: true);

            store.Prepare();
            Assert.Null(identity.Prepare());
            identity.Save();
        }

        using NodeStore next = NodeStore.Open(Store);
        using NodeIdentity again = new("node-1", next, _clock);
        again.Prepare();
        Assert.Equal(before, again.Key?.PublicKey);
        Assert.True(again.IsEnrolledWith(relay));
        Assert.False(again.IsEnrolledWith(new Uri("https://other:60002/")));
    }

    [Fact]
    public async Task Refresh_KeyIsDamaged_StatusSaysSoAndTheNodeServes()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        await fixture.PublishAsync(TestModel.Create());
        using (SyncClient first = fixture.OpenNode())
        {
            await first.RefreshAsync();
        }

        await File.WriteAllTextAsync(Path.Combine(fixture.Options.StoreFolder, "node-key.pem"), "damaged");
        using SyncClient node = fixture.OpenNode();
        await node.RestoreAsync();
        RefreshResult result = await node.RefreshAsync();

        Assert.Null(result.Refusal);
        Assert.Equal(1, node.Models.Single().Predict(new float[4]).Version);
        Assert.Equal(nameof(RefusalReason.StoreDamaged), Assert.Single(node.Status.CurrentRefusals).Reason);
        CheckIn last = fixture.Server.CheckIns.Last();
        Assert.Equal((0, nameof(RefusalReason.StoreDamaged)), (last.Sequence, Assert.Single(last.Refusals).Reason));
    }

    [Fact]
    public async Task Refresh_NodeWithoutARelay_MakesNoKey()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        await fixture.PublishAsync(TestModel.Create());
        await fixture.Honest.ExportBundleAsync(fixture.Combine("bundle"));
        (fixture.Options.Relay, fixture.Options.AirGapped) = (null, true);
        using SyncClient node = fixture.OpenNode();

        Assert.True((await node.ImportAsync(fixture.Combine("bundle"))).Activated);

        Assert.False(File.Exists(Path.Combine(fixture.Options.StoreFolder, "node-key.pem")));
    }

    private static void Throw(bool isFull)
    {
        if (isFull)
        {
            throw new IOException("No space left on device", 28);
        }
    }

    private byte[] ReadPublicKey(string? folder = null)
    {
        using NodeStore store = NodeStore.Open(folder ?? Store);
        using NodeIdentity identity = new("node-1", store, _clock);
        Assert.Null(identity.Prepare());
        return identity.Key!.PublicKey;
    }
}
