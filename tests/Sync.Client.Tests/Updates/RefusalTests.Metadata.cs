using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Onnx;
using Shared.Contracts.Tuf;

namespace Sync.Client.Tests.Updates;

// Metadata that is refused.
public sealed partial class RefusalTests
{
    [Fact]
    [Trait("Attack", "rollback-timestamp")]
    [Trait("Attack", "rollback-restart")]
    public async Task RefreshAsync_ReplayedTimestamp_IsRefusedAsRollbackAlsoAfterARestart()
    {
        byte[] old = Fixture.Honest.Serve(MisbehavingRepository.TimestampPath)!;
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        await Node.RefreshAsync();
        Fixture.Repository.Replace(MisbehavingRepository.TimestampPath, old);

        Assert.Equal(RefusalReason.MetadataRollback, (await Node.RefreshAsync()).Refusal?.Reason);
        Node.Dispose();
        Node = Fixture.OpenNode();
        await Node.RestoreAsync();

        Assert.Equal(RefusalReason.MetadataRollback, (await Node.RefreshAsync()).Refusal?.Reason);
        Assert.Equal(2, Node.Models.Single().Active.Version);
    }

    [Fact]
    [Trait("Attack", "unsigned")]
    public async Task RefreshAsync_TimestampOfAStranger_IsRefusedForItsSignature()
    {
        Fixture.Repository.Forge(RoleNames.Timestamp, signed => signed["version"] = 99L, "snapshot");

        AssertRefused(await Node.RefreshAsync(), RefusalReason.MetadataSignature);
    }

    [Fact]
    [Trait("Attack", "malformed-json")]
    public async Task RefreshAsync_MetadataThatIsNoJson_IsRefusedAsMalformed()
    {
        Fixture.Repository.Replace(MisbehavingRepository.TimestampPath, "{"u8.ToArray());

        AssertRefused(await Node.RefreshAsync(), RefusalReason.MetadataMalformed);
    }
}
