using System.Net;
using System.Net.Http.Json;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Releases;

/// <summary>A channel begins and ends on purpose, and a model leaves it.</summary>
public sealed class ChannelPurposeTests : IAsyncLifetime
{
    private TestRelay _relay = null!;
    private ModelVersion _one = null!;
    private ModelVersion _two = null!;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        _one = await _relay.TrainAsync(SmallModel.Spec("one", trees: 2), SmallModel.Data);
        _two = await _relay.TrainAsync(SmallModel.Spec("two", trees: 2), SmallModel.Data);
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task FirstChannel_NeedsNoWord_AndAMisspeltOneMakesNone()
    {
        using HttpResponseMessage first = await ReleaseAsync("stable", new() { Models = [_one, _two] });
        using HttpResponseMessage misspelt = await ReleaseAsync("stabel", new() { Models = [_two] });
        using HttpResponseMessage pointed = await ReleaseAsync("stabel", new() { Release = 1 });
        RelayCommandRun command = await RunAsync("publish", "two", "--channel", "stabel");
        RelayCommandRun listed = await RunAsync("channel", "list");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("unknown-channel", await misspelt.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-channel", await pointed.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Contains("there is no channel 'stabel', only stable", command.Error, StringComparison.Ordinal);
        Assert.Contains("relay publish --new-channel", command.Error, StringComparison.Ordinal);
        Assert.Equal("stable: release 1, one 1, two 1", listed.Output.Trim());
    }

    [Fact]
    public async Task NewChannel_OnPurpose_IsMadeAndDeletedAndMadeAgain()
    {
        await _relay.PublishAsync("stable", _one);

        RelayCommandRun made = await RunAsync("publish", "two", "--channel", "trial", "--new-channel");
        RelayCommandRun deleted = await RunAsync("channel", "delete", "trial");
        RelayCommandRun again = await RunAsync("channel", "delete", "trial");
        using HttpResponseMessage gone = await _relay.Admin.GetAsync(Routes.ChannelOf("trial"));
        Page<ReleaseView> releases = (await _relay.Admin.GetFromJsonAsync(Routes.Releases, RelayApiJson.Default.PageReleaseView))!;
        RelayCommandRun remade = await RunAsync("publish", "two", "--channel", "trial", "--new-channel");

        Assert.Equal((0, 0, 1, 0), (made.Code, deleted.Code, again.Code, remade.Code));
        Assert.Equal("unknown-channel", await gone.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal([2, 1], releases.Items.Select(release => release.Release));
        Assert.Contains("trial runs release 3", remade.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_ChannelWithANode_IsRefusedUnlessForced()
    {
        await _relay.PublishAsync("stable", _one);
        (await _relay.Anonymous.PostAsJsonAsync(
            Routes.CheckInsOf("node-1"), Reports.Valid("node-1") with { Channel = "stable" }, RelayApiJson.Default.CheckIn)).Dispose();

        using HttpResponseMessage refused = await _relay.Admin.DeleteAsync(Routes.ChannelOf("stable"));
        using HttpResponseMessage forced = await _relay.Admin.DeleteAsync(Routes.ChannelOf("stable") + "?force=true");

        Assert.Equal("channel-in-use", await refused.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal(HttpStatusCode.NoContent, forced.StatusCode);
    }

    [Fact]
    public async Task Without_AModel_TheNextReleaseLacksIt()
    {
        await _relay.PublishAsync("stable", _one, _two);

        RelayCommandRun unaware = await RunAsync("publish", "--without", "one");
        RelayCommandRun left = await RunAsync("publish", "--without", "one", "--schema-change");
        using HttpResponseMessage unknown = await ReleaseAsync("stable", new() { Without = ["one"] });
        using HttpResponseMessage both = await ReleaseAsync("stable", new() { Models = [_two], Without = ["two"] });
        using HttpResponseMessage last = await ReleaseAsync("stable", new() { Without = ["two"] });
        using HttpResponseMessage exchanged = await ReleaseAsync("stable", new() { Models = [_one], Without = ["two"], SchemaChange = true });

        Assert.Contains("'stable' runs one 1", unaware.Error, StringComparison.Ordinal);
        Assert.Contains("stable runs release 2: two 1", left.Output, StringComparison.Ordinal);
        Assert.Equal("invalid-release", await unknown.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
        Assert.Equal("invalid-release", await both.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
        Assert.Equal("release-refused", await last.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal([_one], (await exchanged.Content.ReadFromJsonAsync(RelayApiJson.Default.ChannelView))!.Models);
    }

    private Task<HttpResponseMessage> ReleaseAsync(string channel, ReleaseRequest request) =>
        _relay.Admin.PostAsJsonAsync(Routes.ReleaseOf(channel), request, RelayApiJson.Default.ReleaseRequest);

    private Task<RelayCommandRun> RunAsync(params string[] arguments) => RelayCommandRun.OnAsync(_relay, arguments);
}
