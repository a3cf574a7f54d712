using System.Text.Json.Nodes;
using Relay.TestKit.Trust;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Tuf;

/// <summary>Metadata that is not signed by whom it must be.</summary>
public sealed class SignatureAttackTests
{
    [Fact]
    public async Task Refresh_HonestRepository_GivesTheReleasedFile()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        Refusal? refusal = scene.Node.Fetch(scene.Wire.Serve, scene.Now, TargetPaths.Model("threat", 1), out byte[]? content);
        Assert.Null(refusal);
        Assert.Equal(TrustScene.FirstModel, content);
    }

    [Fact]
    public async Task Refresh_NothingReleasedYet_IsAccepted()
    {
        using TestRepository empty = await TestRepository.CreateAsync();
        PureNode node = new(empty.FirstRoot);
        DateTimeOffset now = empty.Clock.GetUtcNow();
        Assert.Null(node.Fetch(empty.Serve, now, TargetPaths.Policy, out _));
        Assert.Null(node.Fetch(empty.Serve, now, TargetPaths.Anchors, out _));
        Assert.Equal(RefusalReason.UnlistedTarget, node.Fetch(empty.Serve, now, TargetPaths.Channel("stable"), out _)?.Reason);
    }

    [Fact]
    [Trait("Attack", "flipped-byte")]
    public async Task Refresh_AnyFlippedByteOfTheTimestamp_IsRefused()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        int length = scene.Wire.Serve(MisbehavingRepository.TimestampPath)!.Length;
        for (int offset = 0; offset < length; offset++)
        {
            scene.Wire.FlipByte(MisbehavingRepository.TimestampPath, offset);
            Assert.NotNull(new PureNode(scene.Honest.FirstRoot).Refresh(scene.Wire.Serve, scene.Now));
            scene.Wire.Behave();
        }
    }

    [Theory]
    [InlineData(RoleNames.Snapshot)]
    [InlineData(RoleNames.Targets)]
    [InlineData(RoleNames.Channels)]
    [Trait("Attack", "flipped-byte")]
    public async Task Refresh_FlippedByteOfAListedRole_DoesNotMatchItsHash(string role)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        await scene.PublishSecondAsync();
        scene.Wire.FlipByte(scene.Wire.MetadataPath(role));
        scene.AssertRefused(RefusalReason.MetadataHashMismatch, TargetPaths.Channel("stable"));
    }

    [Fact]
    [Trait("Attack", "flipped-byte")]
    public async Task Refresh_FlippedByteOfTheNextRoot_IsRefused()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.AddRoot(_ => { }, "root-1", "root-2");
        byte[] root = scene.Wire.Serve("metadata/2.root.json")!;
        root[root.Length - 100] ^= 1;
        scene.Wire.Replace("metadata/2.root.json", root);
        Assert.NotNull(scene.Refresh());
        Assert.Equal(1, scene.Node.Trusted.Root.Version);
    }

    [Fact]
    [Trait("Attack", "flipped-byte")]
    public async Task Fetch_FlippedByteOfATarget_DoesNotMatchItsHash()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.FlipByte(scene.Wire.TargetPath(TargetPaths.Model("threat", 1)));
        scene.AssertRefused(RefusalReason.ArtifactHashMismatch, TargetPaths.Model("threat", 1));
    }

    [Theory]
    [InlineData(RoleNames.Timestamp)]
    [InlineData(RoleNames.Snapshot)]
    [InlineData(RoleNames.Targets)]
    [InlineData(RoleNames.Channels)]
    [Trait("Attack", "unsigned")]
    public async Task Refresh_UnsignedRole_IsRefused(string role)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.Forge(role, Bump);
        scene.AssertForgeryRefused(RefusalReason.MetadataSignature, TargetPaths.Channel("stable"));
    }

    [Theory]
    [InlineData(RoleNames.Timestamp, RoleNames.Snapshot)]
    [InlineData(RoleNames.Snapshot, RoleNames.Timestamp)]
    [InlineData(RoleNames.Targets, RoleNames.Channels)]
    [InlineData(RoleNames.Channels, RoleNames.Targets)]
    [InlineData(RoleNames.Targets, "stranger")]
    public async Task Refresh_RoleSignedByAnothersKey_IsRefused(string role, string signer)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.Forge(role, Bump, signer);
        scene.AssertForgeryRefused(RefusalReason.MetadataSignature, TargetPaths.Channel("stable"));
    }

    [Fact]
    public async Task Refresh_RightlySignedFileOfAnotherType_IsRefused()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        JsonObject snapshot = scene.Wire.Signed(RoleNames.Snapshot);
        scene.Wire.Replace(MisbehavingRepository.TimestampPath, scene.Wire.Keys.Sign(snapshot, RoleNames.Timestamp));
        scene.AssertRefused(RefusalReason.MetadataWrongType);
    }

    [Fact]
    [Trait("Attack", "wrong-root")]
    public async Task Refresh_RepositoryOfAnotherRoot_IsRefused()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        using TestRepository other = await TestRepository.CreateAsync();
        Assert.Equal(RefusalReason.MetadataSignature, scene.Node.Refresh(other.Serve, scene.Now)?.Reason);
    }

    [Fact]
    public async Task Create_RootSignedByTooFew_IsRefused()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        byte[] root = scene.Wire.Keys.Sign(scene.Wire.Signed(RoleNames.Root), "root-1");
        Assert.Equal(RefusalReason.MetadataSignature, TrustedMetadata.Create(root, scene.Now).Refusal?.Reason);
    }

    [Fact]
    [Trait("Attack", "wrong-root")]
    public async Task Refresh_NewRootNotSignedByOldKeys_IsRefused()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.AddRoot(
            root =>
            {
                scene.Wire.Grant(root, RoleNames.Root, "thief-1", only: true);
                scene.Wire.Grant(root, RoleNames.Root, "thief-2", only: false);
            },
            "thief-1", "thief-2", "root-1");
        scene.AssertRefused(RefusalReason.MetadataSignature);
    }

    [Fact]
    public async Task Refresh_NewRootNotSignedByItsOwnKeys_IsRefused()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.AddRoot(root => scene.Wire.Grant(root, RoleNames.Root, "next", only: true), "root-1", "root-2");
        scene.AssertRefused(RefusalReason.MetadataSignature);
    }

    [Fact]
    public async Task Refresh_NewRootSignedByOldAndNewKeys_IsTaken()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.AddRoot(
            root =>
            {
                scene.Wire.Grant(root, RoleNames.Root, "next-1", only: true);
                scene.Wire.Grant(root, RoleNames.Root, "next-2", only: false);
            },
            "root-1", "root-3", "next-1", "next-2");
        Assert.Null(scene.Refresh());
        Assert.Equal(2, scene.Node.Trusted.Root.Version);
    }

    private static void Bump(JsonObject signed) => signed["version"] = signed["version"]!.GetValue<long>() + 1;
}
