using Microsoft.AspNetCore.Http;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Nodes;
using Sync.Client.Identity;

namespace Sync.Client.Tests.Transport;

/// <summary>What a node signs, whom it sends its signature to, and what it does where the relay does not accept it.</summary>
public sealed class SignatureHandlerTests : IAsyncLifetime
{
    private NodeFixture _fixture = null!;
    private NodeAccess _nodes = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        await _fixture.PublishAsync(TestModel.Create());
        _nodes = new NodeAccess(_fixture.Clock);
        _nodes.Tokens["relay_enroll_0123456789abcdef"] = true;
        _fixture.Server.Nodes = _nodes;
        _fixture.Options.EnrollmentToken = "relay_enroll_0123456789abcdef";
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Refresh_EachRequestToTheRelay_IsSigned()
    {
        using SyncClient node = _fixture.OpenNode();

        await node.RefreshAsync();

        Assert.Equal(_fixture.Server.Requests.Count + _fixture.Server.CheckIns.Count + _nodes.Enrollments.Count, _fixture.Server.Signed.Count);
        Assert.All(_fixture.Server.Signed, signed => Assert.Contains("keyid=\"node-1\"", signed.Input, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refresh_AddressWithAPathThatAProxyTakesAway_SignsThePathOfTheRelay()
    {
        _fixture.Options.Relay = new Uri(_fixture.Server.Address, "/behind/a%20proxy");
        _fixture.Server.BasePath = "/behind/a%20proxy";
        using SyncClient node = _fixture.OpenNode();

        RefreshResult result = await node.RefreshAsync();

        Assert.True(result.Activated, result.Refusal?.ToString());
        Assert.Single(_fixture.Server.CheckIns);
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    [InlineData(24 * 3650)]
    public async Task Refresh_ClockOfTheNodeIsWrong_TakesOverTheTimeOfTheRelayAtOnce(int hours)
    {
        _nodes.Ahead = TimeSpan.FromHours(hours);
        using SyncClient node = _fixture.OpenNode();

        RefreshResult first = await node.RefreshAsync();
        int refused = _nodes.Problems.Count;
        _fixture.Clock.Advance(TimeSpan.FromMinutes(6));
        RefreshResult later = await node.RefreshAsync();

        Assert.True(first.Activated, first.Refusal?.ToString());
        Assert.Null(later.Refusal);
        Assert.Equal([NodeProblems.SignatureTime], _nodes.Problems);
        Assert.Equal((1, 2), (refused, _fixture.Server.CheckIns.Count));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("9999-12-31T23:59:59.999Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("2040-01-01T00:00:00Z")]
    [Trait("Attack", "relay-time")]
    public async Task Refresh_RelayRefusesEveryTime_IsARefusalAfterABoundedNumberOfRequests(string? time)
    {
        _nodes.Ahead = TimeSpan.FromHours(1);
        _nodes.StatedTime = time ?? "null";
        using SyncClient node = _fixture.OpenNode();

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.NodeKeyRefused, result.Refusal?.Reason);
        Assert.InRange(_nodes.Problems.Count, 1, 10);
    }

    [Fact]
    [Trait("Attack", "signature-to-another")]
    public async Task Refresh_MirrorServesWhatTheRelayDoesNot_GetsNoSignature()
    {
        await using MirrorFixture mirror = await MirrorFixture.StartAsync(_fixture);
        _fixture.KillRelay();
        _fixture.Server.Nodes = null;
        using SyncClient node = _fixture.OpenNode();

        Assert.True((await node.RefreshAsync()).Activated);

        Assert.NotEmpty(mirror.Server.Requests);
        Assert.Empty(mirror.Server.Signed);
    }

    [Fact]
    [Trait("Attack", "signature-to-another")]
    [Trait("Attack", "redirect-host")]
    public async Task Refresh_RelayRedirectsToAnotherHost_ThatOneGetsNothing()
    {
        await using NodeFixture other = await NodeFixture.StartAsync();
        _fixture.Server.Instead = (http, path) =>
        {
            http.Response.Redirect(new Uri(other.Server.Address, "/v1/repository/" + path).ToString());
            return Task.FromResult(true);
        };
        using SyncClient node = _fixture.OpenNode();

        Assert.Equal(RefusalReason.TransportForbiddenRedirect, (await node.RefreshAsync()).Refusal?.Reason);
        Assert.Empty(other.Server.Requests);
        Assert.Empty(other.Server.Signed);
    }

    [Fact]
    public async Task Refresh_SignatureIsRemovedOnTheWay_SaysThatAProxyMayDoSo()
    {
        _fixture.Server.Before = http => http.Request.Headers.Remove(RequestSignature.SignatureHeader);
        using SyncClient node = _fixture.OpenNode();

        RefreshResult result = await node.RefreshAsync();

        Assert.NotNull(result.Refusal);
        Assert.Contains(
            node.Status.CurrentRefusals, r => r.Reason is nameof(RefusalReason.NodeKeyRefused) or nameof(RefusalReason.EnrollmentRefused));
    }

    [Fact]
    public async Task Refresh_KnownNodeWhoseKeyTheRelayReplaced_IsRefusedAsTheKey()
    {
        using SyncClient node = _fixture.OpenNode();
        await node.RefreshAsync();
        using NodeKey other = NodeKey.Create();
        _nodes.Keys["node-1"] = Convert.ToBase64String(other.PublicKey);

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.NodeKeyRefused, result.Refusal?.Reason);
        Assert.Equal(1, node.Models.Single().Predict(new float[4]).Version);
    }

    [Fact]
    public async Task Refresh_StatusUnauthorizedWithoutAProblem_IsAsForEveryServer()
    {
        _fixture.Server.Nodes = null;
        _fixture.Server.Instead = (http, _) =>
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.FromResult(true);
        };
        using SyncClient node = _fixture.OpenNode();

        Assert.Equal(RefusalReason.TransportUnavailable, (await node.RefreshAsync()).Refusal?.Reason);
    }
}
