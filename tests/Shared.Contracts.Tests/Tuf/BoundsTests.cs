using System.Text;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Tuf;

/// <summary>Endless and malformed input, and calls in the wrong order.</summary>
public sealed class BoundsTests
{
    [Theory]
    [InlineData(RoleNames.Timestamp)]
    [InlineData(RoleNames.Snapshot)]
    [InlineData(RoleNames.Targets)]
    [Trait("Attack", "endless-body")]
    public async Task Refresh_EndlessFile_IsTooLarge(string role)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        PureNode node = new(scene.Honest.FirstRoot);
        scene.Wire.Endless(scene.Wire.MetadataPath(role));
        RefusalReason? reason = node.Refresh(scene.Wire.Serve, scene.Now)?.Reason;
        Assert.Equal(role == RoleNames.Timestamp ? RefusalReason.MetadataTooLarge : RefusalReason.MetadataHashMismatch, reason);
    }

    [Fact]
    [Trait("Attack", "many-roots")]
    public async Task Refresh_RotationsWithoutEnd_StopsAndGoesOnNextTime()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        for (int i = 0; i <= TrustBounds.RootRotations; i++)
        {
            scene.Wire.AddRoot(_ => { }, "root-1", "root-2");
        }

        Assert.Equal(RefusalReason.TooManyRootRotations, scene.Refresh()?.Reason);
        Assert.Equal(TrustBounds.RootRotations + 1, scene.Node.Trusted.Root.Version);
        Assert.Null(scene.Refresh());
        Assert.Equal(TrustBounds.RootRotations + 2, scene.Node.Trusted.Root.Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{} {}")]
    [InlineData("\u0000")]
    [InlineData("""{"signed":{},"signatures":{}}""")]
    [InlineData("""{"signed":{"_type":"timestamp","_type":"timestamp"},"signatures":[]}""")]
    [InlineData("""{"signed":{"_type":"timestamp","version":1.5},"signatures":[]}""")]
    [InlineData("""{"signed":{"_type":7},"signatures":[]}""")]
    [InlineData("""{"signed":{"_type":"timestamp","a":"\ud800"},"signatures":[]}""")]
    [InlineData("""{"signed":{"_type":"timestamp","\ud800":1},"signatures":[]}""")]
    [InlineData("""{"signed":{"_type":"timestamp","spec_version":"2.0.0","version":1,"expires":"2040-01-01T00:00:00Z","meta":{}},"signatures":[]}""")]
    [InlineData("""{"signed":{"_type":"timestamp","spec_version":"1.0","version":0,"expires":"2040-01-01T00:00:00Z","meta":{}},"signatures":[]}""")]
    [InlineData("""{"signed":{"_type":"timestamp","spec_version":"1.0","version":1,"expires":"tomorrow","meta":{}},"signatures":[]}""")]
    [Trait("Attack", "malformed-json")]
    public async Task UpdateTimestamp_MalformedFile_IsRefusedAndChangesNothing(string json)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.Replace("metadata/timestamp.json", Encoding.UTF8.GetBytes(json));
        scene.AssertRefused(RefusalReason.MetadataMalformed);
    }

    [Fact]
    [Trait("Attack", "malformed-json")]
    public async Task UpdateTimestamp_DeeplyNestedJson_IsMalformed()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.Replace("metadata/timestamp.json", Encoding.UTF8.GetBytes(new string('[', 8_000) + new string(']', 8_000)));
        scene.AssertRefused(RefusalReason.MetadataMalformed);
    }

    [Fact]
    public async Task Update_InTheWrongOrder_Throws()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        byte[] timestamp = scene.Wire.Serve("metadata/timestamp.json")!;
        TrustedMetadata trusted = TrustedMetadata.Create(scene.Honest.FirstRoot, scene.Now).ValueOrThrow();
        Assert.Throws<InvalidOperationException>(() => trusted.UpdateSnapshot(timestamp));
        Assert.Throws<InvalidOperationException>(() => trusted.UpdateTargets(timestamp));
        Assert.Throws<InvalidOperationException>(() => trusted.Find("a"));
        Assert.Null(trusted.UpdateTimestamp(timestamp));
        Assert.Throws<InvalidOperationException>(() => trusted.UpdateRoot(scene.Honest.FirstRoot));
        Assert.Throws<InvalidOperationException>(() => trusted.UpdateDelegated(timestamp, RoleNames.Channels, RoleNames.Targets));
    }

    [Fact]
    public async Task LoadTimestamp_Alone_DoesNotOpenTheWayToSnapshot()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        TrustedMetadata trusted = TrustedMetadata.Create(scene.Honest.FirstRoot, scene.Now).ValueOrThrow();
        Assert.Null(trusted.LoadTimestamp(scene.Wire.Serve("metadata/timestamp.json")));
        Assert.Throws<InvalidOperationException>(() => trusted.SnapshotDownload);
    }
}
