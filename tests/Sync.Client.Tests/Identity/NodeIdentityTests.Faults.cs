using System.Security.Cryptography;
using Relay.TestKit;
using Relay.TestKit.Faults;
using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client.Identity;
using Sync.Client.Storage;

namespace Sync.Client.Tests.Identity;

// Keys that are damaged, unreadable or not durable.
public sealed partial class NodeIdentityTests
{
    [Theory]
    [InlineData("")]
    [InlineData("not a key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData(null)]
    public void Prepare_FileThatIsNoKey_IsDamagedAndStaysAsItIs(string? content)
    {
        ReadPublicKey();
        content ??= new string('x', 1_000_000);
        File.WriteAllText(KeyFile, content);

        using NodeStore store = NodeStore.Open(Store);
        using NodeIdentity identity = new("node-1", store, _clock);
        Refusal? fault = identity.Prepare();

        Assert.Equal((RefusalReason.StoreDamaged, KeyFile), (fault?.Reason, fault?.Subject));
        Assert.Null(identity.Key);
        Assert.Equal(content, File.ReadAllText(KeyFile));
        Assert.Null(store.Fault);
    }

    [Fact]
    public void Prepare_KeyThatCannotBeRead_IsSaidAndReadWhenItCanBe()
    {
        byte[] before = ReadPublicKey();
        File.Move(KeyFile, KeyFile + ".kept");
        Directory.CreateDirectory(KeyFile);
        using NodeStore store = NodeStore.Open(Store);
        using NodeIdentity identity = new("node-1", store, _clock);

        Refusal? fault = identity.Prepare();
        Directory.Delete(KeyFile);
        File.Move(KeyFile + ".kept", KeyFile);

        Assert.Equal(RefusalReason.StoreUnavailable, fault?.Reason);
        Assert.Null(identity.Prepare());
        Assert.Equal(before, identity.Key?.PublicKey);
    }

    [Fact]
    [Trait("Attack", "disk-full")]
    public void Prepare_DiskFullAtAnyStep_NoKeyIsUsedThatTheNextStartWouldNotFind()
    {
        int steps = int.MaxValue;
        for (int full = 1; full <= steps; full++)
        {
            int done = 0;
            using TemporaryFolder folder = new();
            byte[]? used;
            using (NodeStore store = NodeStore.Open(folder.Combine("store"), new StoreFiles(_ => Throw(++done == full))))
            {
                using NodeIdentity identity = new("node-1", store, _clock);
                Refusal? fault = identity.Prepare();
                used = identity.Key?.PublicKey;
                Assert.Equal(used is null, fault is not null);
                steps = used is not null ? done : steps;
            }

            byte[] next = ReadPublicKey(folder.Combine("store"));
            Assert.True(used is null || used.SequenceEqual(next), $"step {full}");
        }

        Assert.InRange(steps, 10, 50);
    }
}
