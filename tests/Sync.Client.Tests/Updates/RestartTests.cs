using Relay.TestKit.Models;
using Shared.Contracts;

namespace Sync.Client.Tests.Updates;

/// <summary>A node that starts again: with the relay dead, with a store that others altered, with metadata that expired.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private readonly TestModel _first = TestModel.Create(version: 1);
    private readonly TestModel _second = TestModel.Create(version: 2);
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        using SyncClient node = _fixture.OpenNode();
        await _fixture.PublishAsync(_first);
        await node.RefreshAsync();
        await _fixture.PublishAsync(_second);
        await node.RefreshAsync();
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task RestoreAsync_RelayDead_ServesWhatRanLast()
    {
        _fixture.KillRelay();

        using SyncClient node = await RestartAsync();
        RefreshResult refresh = await node.RefreshAsync();

        Assert.Equal(RefusalReason.TransportUnavailable, refresh.Refusal?.Reason);
        Assert.Equal((2, _second.Sha256), (node.Models.Single().Active.Version, node.Models.Single().Active.Sha256));
        Assert.False(node.Status.Stale);
    }

    [Fact]
    [Trait("Attack", "clock-decade")]
    public async Task RestoreAsync_TenYearsLaterWithoutARelay_ServesAndSaysStale()
    {
        _fixture.KillRelay();
        _fixture.Clock.Advance(TimeSpan.FromDays(3650));

        using SyncClient node = await RestartAsync();

        Assert.Equal(2, node.Models.Single().Active.Version);
        Assert.True(node.Status.Stale);
    }

    [Fact]
    [Trait("Attack", "freeze")]
    [Trait("Attack", "clock-day")]
    public async Task RefreshAsync_FrozenMetadataThatExpired_ServesOnSaysStaleAndTakesNothingNew()
    {
        _fixture.Repository.Freeze();
        using SyncClient node = await RestartAsync();
        await node.RefreshAsync();
        _fixture.Clock.Advance(TimeSpan.FromDays(2));

        RefreshResult refresh = await node.RefreshAsync();

        Assert.Equal(RefusalReason.MetadataExpired, refresh.Refusal?.Reason);
        Assert.True(node.Status.Stale);
        Assert.Equal(2, node.Models.Single().Predict(new float[4]).Version);
    }

    [Theory]
    [InlineData(".onnx")]
    [InlineData(".p7s")]
    [Trait("Attack", "tampering-at-rest")]
    public async Task RestoreAsync_ActiveModelAlteredOnDisk_ServesTheOneBeforeAndThenFetchesItAgain(string suffix)
    {
        FlipByte(Path.Combine(_fixture.ArtifactsFolder, _second.Sha256 + suffix));

        using SyncClient node = await RestartAsync();
        int offline = node.Models.Single().Active.Version;
        RefreshResult refresh = await node.RefreshAsync();

        Assert.Equal(1, offline);
        Assert.Empty(node.Status.Quarantine);
        Assert.True(refresh.Activated);
        Assert.Equal(2, node.Models.Single().Active.Version);
    }

    [Fact]
    [Trait("Attack", "tampering-at-rest")]
    public async Task RestoreAsync_BothModelsAltered_AnswersNothing()
    {
        FlipByte(Path.Combine(_fixture.ArtifactsFolder, _first.Sha256 + ".onnx"));
        FlipByte(Path.Combine(_fixture.ArtifactsFolder, _second.Sha256 + ".onnx"));
        _fixture.KillRelay();

        using SyncClient node = await RestartAsync();

        Assert.Throws<RelayModelException>(() => node.Models.Single().Predict(new float[4]));
    }

    [Theory]
    [InlineData("metadata.json")]
    [InlineData("active.json")]
    [Trait("Attack", "tampering-at-rest")]
    public async Task RestoreAsync_StateAltered_AnswersNothingUntilTheRelayIsBack(string file)
    {
        FlipByte(Path.Combine(_fixture.Options.StoreFolder, file));

        using SyncClient node = await RestartAsync();
        bool ready = node.Models.Single().IsReady;
        await node.RefreshAsync();

        Assert.False(ready);
        Assert.Equal(2, node.Models.Single().Active.Version);
    }

    [Fact]
    public async Task RestoreAsync_AfterAQuarantine_StaysOnLastGoodAndDoesNotTryAgain()
    {
        await _fixture.PublishAsync(TestModel.Create(version: 3, alterGolden: TestModel.SpoilOne));
        using (SyncClient before = await RestartAsync())
        {
            await before.RefreshAsync();
        }

        _fixture.Server.Requests.Clear();
        using SyncClient node = await RestartAsync();
        RefreshResult refresh = await node.RefreshAsync();

        Assert.Equal(RefusalReason.GoldenVectorMismatch, refresh.Refusal?.Reason);
        Assert.Equal(3, node.Status.Quarantine.Single().Version);
        Assert.Equal(2, node.Models.Single().Active.Version);
        Assert.DoesNotContain(_fixture.Server.Requests, r => r.Path.EndsWith(".onnx", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RestoreAsync_OperatorsRollback_RunsTheOlderRelease()
    {
        await _fixture.Honest.Releases.PointChannelAsync("stable", 1, candidate: null, CancellationToken.None);
        using SyncClient node = await RestartAsync();

        RefreshResult refresh = await node.RefreshAsync();

        Assert.True(refresh.Activated);
        Assert.Equal(1, node.Models.Single().Active.Version);
    }

    [Fact]
    [Trait("Attack", "two-processes")]
    public async Task OpenNode_StoreOfARunningNode_IsRefused()
    {
        using SyncClient node = await RestartAsync();

        using SyncClient second = await RestartAsync();
        RefreshResult refused = await second.RefreshAsync();

        Assert.Equal(RefusalReason.StoreInUse, refused.Refusal?.Reason);
        Assert.Equal(2, second.Models.Single().Active.Version);
    }

    [Fact]
    [Trait("Attack", "wrong-root")]
    public async Task RestoreAsync_TrustedRootOfAnotherRelay_TrustsNothingInTheStore()
    {
        using Relay.TestKit.Trust.TestRepository other = await Relay.TestKit.Trust.TestRepository.CreateAsync();
        await File.WriteAllBytesAsync(_fixture.Options.TrustedRoot, other.FirstRoot);

        using SyncClient node = await RestartAsync();
        RefreshResult refresh = await node.RefreshAsync();

        Assert.False(node.Models.Single().IsReady);
        Assert.Equal(RefusalReason.MetadataSignature, refresh.Refusal?.Reason);
    }

    [Fact]
    public async Task RestoreAsync_TrustedRootThatIsNoRoot_SaysSo()
    {
        await File.WriteAllTextAsync(_fixture.Options.TrustedRoot, "{}");
        using SyncClient node = _fixture.OpenNode();

        await node.RestoreAsync();
        RefreshResult refused = await node.RefreshAsync();

        Assert.Equal(RefusalReason.TrustedRootInvalid, refused.Refusal?.Reason);
        Assert.Equal(nameof(RefusalReason.TrustedRootInvalid), Assert.Single(node.Status.CurrentRefusals).Reason);
    }

    private async Task<SyncClient> RestartAsync()
    {
        SyncClient node = _fixture.OpenNode();
        await node.RestoreAsync();
        return node;
    }

    private static void FlipByte(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
