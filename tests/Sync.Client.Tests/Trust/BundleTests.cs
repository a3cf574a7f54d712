using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Sync.Client.Tests.Trust;

/// <summary>A release carried to a node in one file: the same checks as over the network, with the same reasons.</summary>
public sealed partial class BundleTests : IAsyncLifetime
{
    private const string Model = "models/threat-classifier/2/model.onnx";
    private NodeFixture _fixture = null!;
    private SyncClient _node = null!;
    private string _first = "";
    private string _second = "";

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        (_first, _second) = (_fixture.Combine("first.bundle"), _fixture.Combine("second.bundle"));
        await _fixture.PublishAsync(TestModel.Create(version: 1));
        await _fixture.Honest.ExportBundleAsync(_first);
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        await _fixture.Honest.ExportBundleAsync(_second);
        _fixture.Options.Relay = null;
        _fixture.Options.AirGapped = true;
        _node = _fixture.OpenNode();
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task ImportAsync_NodeThatNeverHadANetwork_RunsTheReleaseAndKeepsItOverARestart()
    {
        RefreshResult result = await _node.ImportAsync(_second);

        Assert.Equal((true, null), (result.Activated, result.Refusal));
        Assert.Equal(2, _node.Models.Single().Predict(new float[4]).Version);
        _node.Dispose();
        _node = _fixture.OpenNode();
        await _node.RestoreAsync();

        Assert.Equal(2, _node.Models.Single().Predict(new float[4]).Version);
        Assert.Empty(_fixture.Server.Requests);
        Assert.Empty(_fixture.Server.CheckIns);
    }

    [Fact]
    public async Task ImportAsync_NextBundle_TakesThePlaceOfTheOneBefore()
    {
        await _node.ImportAsync(_first);

        Assert.True((await _node.ImportAsync(_second)).Activated);
        Assert.Equal(2, _node.Status.Release);
    }

    [Fact]
    public async Task ImportAsync_TheSameAgain_ChangesNothing()
    {
        await _node.ImportAsync(_second);

        RefreshResult again = await _node.ImportAsync(_second);

        Assert.Equal((false, null), (again.Activated, again.Refusal));
    }

    [Fact]
    [Trait("Attack", "rollback-timestamp")]
    [Trait("Attack", "rollback-restart")]
    public async Task ImportAsync_OldBundle_IsRefusedAsRollbackAlsoAfterARestart()
    {
        await _node.ImportAsync(_second);

        await AssertRefusedAsync(_first, RefusalReason.MetadataRollback);
        _node.Dispose();
        _node = _fixture.OpenNode();
        await _node.RestoreAsync();

        await AssertRefusedAsync(_first, RefusalReason.MetadataRollback);
        Assert.Equal(2, _node.Models.Single().Active.Version);
    }

    [Fact]
    public async Task ImportAsync_LongestNames_AreCarried()
    {
        string channel = new('c', 64);
        await _fixture.Honest.PublishAsync(
            _fixture.Options.Models[0], 3, TestModel.Create(version: 3).Onnx, channel);
        await _fixture.Honest.ExportBundleAsync(_second, channel);
        _node.Dispose();
        _fixture.Options.Channel = channel;
        _node = _fixture.OpenNode();

        Assert.True((await _node.ImportAsync(_second)).Activated);
    }

    [Fact]
    [Trait("Attack", "freeze")]
    public async Task ImportAsync_ExpiredBundle_IsRefused()
    {
        _fixture.Clock.Advance(TimeSpan.FromDays(3));

        await AssertRefusedAsync(_second, RefusalReason.MetadataExpired);
    }

    [Fact]
    public async Task RefreshAsync_AirGapped_AsksNobody()
    {
        Assert.Equal(RefusalReason.TransportUnavailable, (await _node.RefreshAsync()).Refusal?.Reason);
        Assert.Empty(_fixture.Server.Requests);
    }

    // The entry of a role or a target.
    private string NameOf(string file)
    {
        string path = file.Contains('/', StringComparison.Ordinal)
            ? _fixture.Repository.TargetPath(file)
            : _fixture.Repository.MetadataPath(file);
        return path.StartsWith(BundleFormat.MetadataPrefix, StringComparison.Ordinal)
            ? path
            : BundleFormat.TargetName(Path.GetFileName(path).Split('.')[0]);
    }

    private async Task AssertRefusedAsync(BundleEditor bundle, RefusalReason reason)
    {
        string altered = _fixture.Combine("altered.bundle");
        bundle.Save(altered);
        await AssertRefusedAsync(altered, reason);
    }

    private async Task AssertRefusedAsync(string bundle, RefusalReason reason)
    {
        RefreshResult result = await _node.ImportAsync(bundle);

        Assert.Equal(reason, result.Refusal?.Reason);
        Assert.False(result.Activated);
    }
}
