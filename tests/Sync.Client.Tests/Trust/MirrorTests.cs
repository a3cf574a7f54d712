using Microsoft.AspNetCore.Http;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Sync.Client.Tests.Trust;

/// <summary>A relay and two mirrors: each that is unreachable or tampers costs a refusal with its own reason, as long as one is honest.</summary>
public sealed partial class MirrorTests : IAsyncLifetime
{
    private const string ModelPath = "models/threat-classifier/2/model.onnx";
    private NodeFixture _fixture = null!;
    private MirrorFixture _first = null!;
    private MirrorFixture _second = null!;
    private SyncClient _node = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        (_first, _second) = (await MirrorFixture.StartAsync(_fixture), await MirrorFixture.StartAsync(_fixture));
        await _fixture.PublishAsync(TestModel.Create(version: 1));
        _node = _fixture.OpenNode();
        await _node.RefreshAsync();
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        _fixture.Server.CheckIns.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task RefreshAsync_RelayAnswers_MirrorsAreNotAsked()
    {
        AssertTaken(await _node.RefreshAsync());

        Assert.Empty(_first.Server.Requests);
        Assert.Empty(_second.Server.Requests);
    }

    [Fact]
    public async Task RefreshAsync_RelayGone_MirrorServes()
    {
        _fixture.KillRelay();

        AssertTaken(await _node.RefreshAsync(), RefusalReason.TransportUnavailable);

        Assert.Empty(_second.Server.Requests);
        Assert.Empty(_first.Server.CheckIns);
    }

    [Fact]
    public async Task RefreshAsync_RelayGoneFromTheStart_MirrorServesANewNode()
    {
        _node.Dispose();
        Directory.Delete(_fixture.Options.StoreFolder, recursive: true);
        _fixture.KillRelay();
        _node = _fixture.OpenNode();

        AssertTaken(await _node.RefreshAsync(), RefusalReason.TransportUnavailable);
    }

    [Fact]
    public async Task RefreshAsync_NoRelayConfigured_MirrorServes()
    {
        _node.Dispose();
        _fixture.Options.Relay = null;
        _node = _fixture.OpenNode();

        AssertTaken(await _node.RefreshAsync());
        Assert.Empty(_fixture.Server.CheckIns);
    }

    [Theory]
    [Trait("Attack", "redirect-loop")]
    [Trait("Attack", "redirect-http")]
    [Trait("Attack", "redirect-host")]
    [InlineData("{self}")]
    [InlineData("http://127.0.0.1:1/metadata/timestamp.json")]
    [InlineData("https://foreign.example/metadata/timestamp.json")]
    public async Task RefreshAsync_RelayRedirects_NobodyIsFollowedAndAMirrorServes(string target)
    {
        int answered = 0;
        _fixture.Server.Instead = (http, path) =>
        {
            answered++;
            http.Response.Redirect(target == "{self}" ? http.Request.Path.Value! : target);
            return Task.FromResult(true);
        };

        AssertTaken(await _node.RefreshAsync(), RefusalReason.TransportForbiddenRedirect);
        Assert.InRange(answered, 1, 10);
    }

    private void AssertTaken(RefreshResult result, RefusalReason? refused = null)
    {
        Assert.Null(result.Refusal);
        Assert.True(result.Activated);
        Assert.Equal(2, _node.Models.Single().Predict(new float[4]).Version);
        if (refused is { } reason)
        {
            Assert.Contains(_node.Status.RecentRefusals, r => r.Reason == reason.ToString());
        }
    }
}
