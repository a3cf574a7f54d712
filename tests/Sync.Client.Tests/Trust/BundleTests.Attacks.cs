using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Sync.Client.Tests.Trust;

// Bundles that somebody changed.
public sealed partial class BundleTests
{
    [Theory]
    [Trait("Attack", "flipped-byte")]
    [InlineData(Model, RefusalReason.ArtifactHashMismatch)]
    [InlineData(Model + ".p7s", RefusalReason.SignatureFileMismatch)]
    [InlineData("releases/2.json", RefusalReason.ArtifactHashMismatch)]
    [InlineData("channels/stable.json", RefusalReason.ArtifactHashMismatch)]
    [InlineData(RoleNames.Snapshot, RefusalReason.MetadataHashMismatch)]
    [InlineData(RoleNames.Targets, RefusalReason.MetadataHashMismatch)]
    [InlineData(RoleNames.Channels, RefusalReason.MetadataHashMismatch)]
    public async Task ImportAsync_FlippedByte_IsRefusedByItsReasonAndTakenOnceItIsWhole(string file, RefusalReason reason)
    {
        await _node.ImportAsync(_first);
        BundleEditor bundle = BundleEditor.Open(_second);
        bundle.FlipByte(NameOf(file));

        await AssertRefusedAsync(bundle, reason);
        Assert.Equal(1, _node.Models.Single().Predict(new float[4]).Version);

        Assert.True((await _node.ImportAsync(_second)).Activated);
    }

    [Theory]
    [InlineData(TargetPaths.Anchors)]
    [InlineData(TargetPaths.Policy)]
    public async Task ImportAsync_FlippedByteInWhatTheNodeDoesNotHoldYet_IsRefused(string document)
    {
        BundleEditor bundle = BundleEditor.Open(_second);
        bundle.FlipByte(NameOf(document));

        await AssertRefusedAsync(bundle, RefusalReason.ArtifactHashMismatch);
    }

    [Theory]
    [InlineData(Model, RefusalReason.TransportUnavailable)]
    [InlineData(Model + ".p7s", RefusalReason.TransportUnavailable)]
    [InlineData("releases/2.json", RefusalReason.TransportUnavailable)]
    [InlineData(RoleNames.Timestamp, RefusalReason.MetadataMissing)]
    [InlineData(RoleNames.Snapshot, RefusalReason.MetadataMissing)]
    [InlineData(RoleNames.Targets, RefusalReason.MetadataMissing)]
    public async Task ImportAsync_MissingFile_IsRefusedByItsReason(string file, RefusalReason reason)
    {
        BundleEditor bundle = BundleEditor.Open(_second);
        bundle.Remove(NameOf(file));

        await AssertRefusedAsync(bundle, reason);
    }

    [Fact]
    [Trait("Attack", "mix-and-match")]
    public async Task ImportAsync_TimestampOfAnotherBundle_IsRefused()
    {
        BundleEditor bundle = BundleEditor.Open(_second);
        bundle.Replace("metadata/timestamp.json", BundleEditor.Open(_first).Content("metadata/timestamp.json"));

        await AssertRefusedAsync(bundle, RefusalReason.MetadataMissing);
    }

    [Fact]
    [Trait("Attack", "wrong-root")]
    public async Task ImportAsync_BundleOfAnotherRelay_IsRefusedForItsSignature()
    {
        await using NodeFixture stranger = await NodeFixture.StartAsync();
        await stranger.PublishAsync(TestModel.Create(version: 2));
        await stranger.Honest.ExportBundleAsync(stranger.Combine("bundle"));

        await AssertRefusedAsync(stranger.Combine("bundle"), RefusalReason.MetadataSignature);
    }

    [Fact]
    public async Task ImportAsync_LongerModelThanListed_IsRefusedWithoutReadingIt()
    {
        BundleEditor bundle = BundleEditor.Open(_second);
        bundle.Replace(NameOf(Model), new byte[10_000_000]);

        await AssertRefusedAsync(bundle, RefusalReason.ArtifactTooLarge);
    }
}
