using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Relay.Server.Repository.Rotation;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Sync.Client.Tests.Trust;

/// <summary>
/// Somebody holds the whole disk of a relay whose root and targets keys are offline: the online keys, the key that signs models, and
/// all files. The node runs version 1 and must go on running it.
/// </summary>
[Trait("Attack", "one-layer-stolen")]
public sealed class StolenRelayTests : IAsyncLifetime
{
    private static readonly string[] Online = [RoleNames.Channels, RoleNames.Snapshot, RoleNames.Timestamp];

    private NodeFixture _fixture = null!;
    private SyncClient _node = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync(await TestRepository.CreateOfflineAsync());
        await _fixture.PublishAsync(TestModel.Create(version: 1));
        _node = _fixture.OpenNode();
        await _node.RefreshAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task RefreshAsync_ApprovedVersion_IsTaken()
    {
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        Assert.True((await _node.RefreshAsync()).Activated);
    }

    [Fact]
    public void Keys_OfTheRelay_AreTheOnlineOnesOnly()
    {
        Assert.False(_fixture.Honest.Keys.HoldsRoot);
        Assert.DoesNotContain(
            _fixture.Repository.Keys.Id(RoleNames.Targets),
            _fixture.Repository.Signed(RoleNames.Root)["roles"]![RoleNames.Targets]!["keyids"]!.AsArray().Select(id => (string)id!));
    }

    [Fact]
    public async Task RefreshAsync_PendingVersionThatNobodySigned_IsNotSeen()
    {
        TestModel model = TestModel.Create(version: 2);
        Assert.NotNull((await _fixture.Honest.ProposeAsync(model.Description.Name, 2, model.Onnx)).Pending);
        Assert.False((await _node.RefreshAsync()).Activated);
        AssertVersion1();
    }

    [Fact]
    public async Task RefreshAsync_TargetsSignedByOnlineKeys_AreRefused()
    {
        TestModel model = TestModel.Create(version: 2);
        _fixture.Repository.ForgeTarget(RoleNames.Targets, TargetPaths.Model(model.Description.Name, 2), model.Onnx, Online);
        await AssertRefusedAsync(RefusalReason.MetadataSignature);
    }

    [Fact]
    public async Task RefreshAsync_ChannelToAReleaseThatTargetsDoNotList_IsRefused()
    {
        byte[] channel = new ChannelManifest("stable", 2).ToJson();
        _fixture.Repository.ForgeTarget(RoleNames.Channels, TargetPaths.Channel("stable"), channel, RoleNames.Channels);
        await AssertRefusedAsync(RefusalReason.UnlistedTarget);
    }

    [Fact]
    public async Task RefreshAsync_ReleaseListedByTheOnlineRole_IsRefused()
    {
        byte[] release = Encoding.UTF8.GetBytes("""{"number":2,"created":"2030-01-01T00:00:00+00:00","models":[]}""");
        _fixture.Repository.ForgeTarget(RoleNames.Channels, TargetPaths.Release(2), release, RoleNames.Channels);
        byte[] channel = new ChannelManifest("stable", 2).ToJson();
        _fixture.Repository.ForgeTarget(RoleNames.Channels, TargetPaths.Channel("stable"), channel, RoleNames.Channels);
        await AssertRefusedAsync(RefusalReason.UnlistedTarget);
    }

    [Fact]
    public async Task RefreshAsync_ReplacedAnchors_AreRefused()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Not the root", key, HashAlgorithmName.SHA256);
        using X509Certificate2 root = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        byte[] anchors = Encoding.ASCII.GetBytes(root.ExportCertificatePem() + "\n");
        _fixture.Repository.ForgeTarget(RoleNames.Targets, TargetPaths.Anchors, anchors, Online);
        await AssertRefusedAsync(RefusalReason.MetadataSignature);
    }

    [Fact]
    public async Task RefreshAsync_RootSignedByOnlineKeys_IsRefused()
    {
        _fixture.Repository.AddRoot(
            root => _fixture.Repository.Grant(root, RoleNames.Targets, RoleNames.Timestamp, only: true), Online);
        TestModel model = TestModel.Create(version: 2);
        _fixture.Repository.ForgeTarget(
            RoleNames.Targets, TargetPaths.Model(model.Description.Name, 2), model.Onnx, RoleNames.Timestamp);
        await AssertRefusedAsync(RefusalReason.MetadataSignature);
    }

    [Fact]
    public async Task RotateAsync_ByTheThief_WaitsForPeople()
    {
        TestRepository relay = _fixture.Honest;
        Assert.False((await relay.RotateAsync(Online)).Published);
        Assert.Equal(
            RotationRefusalReason.PublicKeyNeeded, (await relay.TryRotateAsync(RoleNames.Root).RefusedAsync()).Reason);
        Assert.False((await relay.HandOverAsync(RoleNames.Root, "thief-1", "thief-2")).Published);
        RotationOutcome signed = await relay.SignRotationAsync("root.json", "thief-1", "thief-2");
        Assert.Contains(signed.Missing, missing => missing.SignedBy.Count == 0);
        await relay.TryRotateCmsRootAsync().RefusedAsync();

        Assert.Null((await _node.RefreshAsync()).Refusal);
        Assert.Equal(1, relay.Read().Root.Version);
        AssertVersion1();
    }

    [Fact]
    public async Task RefreshAsync_RootOfTheThiefServedAsTheNext_IsRefused()
    {
        TestRepository relay = _fixture.Honest;
        await relay.HandOverAsync(RoleNames.Root, "thief-1", "thief-2");
        await relay.SignRotationAsync("root.json", "thief-1", "thief-2");
        byte[] root = await File.ReadAllBytesAsync(
            Path.Combine(relay.RepositoryPath, "rotation", "root.json"), TestContext.Current.CancellationToken);
        _fixture.Repository.Replace("metadata/2.root.json", root);

        // A node looks for roots when the timestamp is another one.
        _fixture.Clock.Advance(TimeSpan.FromHours(2));
        await relay.Renewals.RenewDueAsync(TestContext.Current.CancellationToken);
        await AssertRefusedAsync(RefusalReason.MetadataSignature);
    }

    private async Task AssertRefusedAsync(RefusalReason reason)
    {
        Assert.Equal(reason, (await _node.RefreshAsync()).Refusal?.Reason);
        AssertVersion1();
    }

    private void AssertVersion1() => Assert.Equal(1, _node.Models.Single().Predict(new float[4]).Version);
}
