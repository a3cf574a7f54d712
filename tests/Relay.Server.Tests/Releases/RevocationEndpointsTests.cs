using System.Net;
using System.Net.Http.Json;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Releases;

public sealed class RevocationEndpointsTests : IAsyncLifetime
{
    private TestRelay _relay = null!;
    private ModelVersion _version = null!;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        _version = await _relay.TrainSmallAsync(trees: 2);
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Revoke_VersionThatAChannelRuns_NamesTheChannel()
    {
        await _relay.PublishAsync("stable", _version);
        await _relay.PublishAsync("canary", _version);
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 3));

        RevocationView revoked = await RevokeAsync();
        Assert.True(revoked.InForce);
        Assert.Equal("a test", revoked.Reason);
        Assert.Equal(["canary"], revoked.Channels);

        // Twice is once.
        Assert.Equal(["canary"], (await RevokeAsync()).Channels);
    }

    [Fact]
    public async Task Bundle_OfARevokedVersion_Warns()
    {
        await _relay.PublishAsync("stable", _version);
        using TemporaryFolder folder = new();
        string[] export = ["bundle", "export", "--out", folder.Combine("x.bundle"), "--data", _relay.DataFolder];

        RelayCommandRun before = await RelayCommandRun.RunAsync(export);
        await RevokeAsync();
        RelayCommandRun after = await RelayCommandRun.RunAsync(export);

        Assert.Equal((0, 0), (before.Code, after.Code));
        Assert.DoesNotContain("WARNING", before.Output, StringComparison.Ordinal);
        Assert.Contains($"WARNING: {_version.Name} 1 is revoked", after.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_ThenPublish_IsRefused()
    {
        await RevokeAsync();

        using HttpResponseMessage refused = await _relay.Admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), new ReleaseRequest { Models = [_version] }, RelayApiJson.Default.ReleaseRequest);

        Assert.Equal("release-refused", await refused.ProblemTypeAsync(HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Revoke_ThenPointBackToItsRelease_IsRefused()
    {
        await _relay.PublishAsync("stable", _version);
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 3));
        await RevokeAsync();

        using HttpResponseMessage refused = await _relay.Admin.PostAsync(Routes.ReleaseOf("stable"), HttpResponses.Json("{\"release\":1}"));

        Assert.Equal("release-refused", await refused.ProblemTypeAsync(HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Revoke_ThenPublishAnotherModelBesideIt_IsRefusedUntilItIsReplaced()
    {
        await _relay.PublishAsync("stable", _version);
        await RevokeAsync();
        ModelVersion other = await _relay.TrainAsync(SmallModel.Spec("other"), SmallModel.Data);
        ModelVersion next = await _relay.TrainSmallAsync(trees: 3);

        using HttpResponseMessage refused = await _relay.Admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), new ReleaseRequest { Models = [other] }, RelayApiJson.Default.ReleaseRequest);
        ChannelView replaced = await _relay.PublishAsync("stable", other, next);

        Assert.Equal("release-refused", await refused.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal([other, next], replaced.Models);
    }

    [Fact]
    public async Task Revoke_WithoutBody_IsAccepted()
    {
        using HttpResponseMessage revoked = await _relay.Admin.PostAsync(Routes.RevokeOf(_version.Name, _version.Version), null);

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
    }

    [Fact]
    public async Task Revoke_UnknownVersionWrongReasonOrNoKey_IsRefused()
    {
        using HttpResponseMessage unknown = await _relay.Admin.PostAsync(Routes.RevokeOf(_version.Name, 99), HttpResponses.Json("{}"));
        using HttpResponseMessage lines = await _relay.Admin.PostAsync(
            Routes.RevokeOf(_version.Name, 1), HttpResponses.Json("{\"reason\":\"a\\nb\"}"));
        using HttpResponseMessage keyless = await _relay.Anonymous.PostAsync(Routes.RevokeOf(_version.Name, 1), HttpResponses.Json("{}"));

        Assert.Equal("unknown-version", await unknown.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("invalid-revocation", await lines.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
        Assert.Equal("unauthorized", await keyless.ProblemTypeAsync(HttpStatusCode.Unauthorized));
    }

    private async Task<RevocationView> RevokeAsync()
    {
        using HttpResponseMessage response = await _relay.Admin.PostAsJsonAsync(
            Routes.RevokeOf(_version.Name, _version.Version), new RevocationRequest { Reason = "a test" },
            RelayApiJson.Default.RevocationRequest);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.RevocationView))!;
    }
}
