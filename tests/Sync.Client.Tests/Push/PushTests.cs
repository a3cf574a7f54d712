using Microsoft.AspNetCore.Http;
using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;

namespace Sync.Client.Tests.Push;

public sealed class PushTests : IAsyncLifetime
{
    private NodeFixture _fixture = null!;
    private EventServer _events = null!;
    private HostedNode _node = null!;

    private SyncClient Node => _node.Client;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        _events = new EventServer(_fixture.Server);
        await _fixture.PublishAsync(TestModel.Create(version: 1));
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task Hint_OfAChange_UpdatesTheNodeBetweenPolls()
    {
        await StartAsync();
        await _node.HasStreamAsync();

        await _fixture.PublishAsync(TestModel.Create(version: 2));
        _events.SendHint(1_000_000);

        await _node.ActiveAsync(2);
    }

    [Fact]
    public async Task Stream_ThatEnds_IsOpenedAgainFromTheVersionThatTheNodeVerified()
    {
        await StartAsync();
        await _node.HasStreamAsync();
        _events.SendHint(long.MaxValue);

        _events.End();
        await Eventually.TrueAsync(() => _events.LastEventIds.Count == 2, "the stream is opened again");

        Assert.All(_events.LastEventIds, id => Assert.Equal($"{_fixture.Honest.Read().Timestamp.Version}", id));
    }

    [Fact]
    public async Task Stream_EndedByTheNodeItself_IsNotLogged()
    {
        await StartAsync();
        await _node.HasStreamAsync();

        await _node.StopAsync();

        Assert.Contains(_node.Log.Entries, entry => entry.Message.Contains("event stream is open", StringComparison.Ordinal));
        Assert.DoesNotContain(_node.Log.Entries, entry => entry.Message.Contains("event stream ended", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Attack", "forged-event")]
    public async Task Events_OfAStolenRelay_CanOnlyMakeTheNodeLook()
    {
        await StartAsync();
        await _node.HasStreamAsync();
        int before = Requests();

        _events.Send("event: metadata\ndata: {\"timestamp\":-5,\"spreadMs\":-7}\n\n");
        _events.Send("event: metadata\ndata: {\"timestamp\":\"x\"}\n\n");
        _events.Send("event: metadata\ndata: [[[[[[\n\n");
        _events.Send("event: metadata\ndata: null\n\n");
        _events.Send("event: pace\ndata: {\"pollSeconds\":-2147483648}\n\n");
        _events.Send("event: restart\ndata: now\n\n");
        _events.SendHint(long.MaxValue);
        await Eventually.TrueAsync(() => Requests() > before, "the node has looked");

        Assert.Equal(1, Node.Models.Single().Active.Version);
        Assert.True(Node.Status.HasEventStream);
        Assert.Empty(Node.Status.CurrentRefusals);
    }

    [Fact]
    [Trait("Attack", "redirect-host")]
    public async Task Stream_Redirected_IsNotFollowedAndPollsGoOn()
    {
        _events.Refuse = http =>
        {
            http.Response.Redirect("/v1/elsewhere");
            return Task.FromResult(true);
        };
        await StartAsync(o => o.PollInterval = TimeSpan.FromSeconds(0.1));

        await Eventually.TrueAsync(() => !_events.LastEventIds.IsEmpty, "the stream was asked for");
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        await _node.ActiveAsync(2);

        Assert.DoesNotContain(_fixture.Server.Requests, request => request.Path == "v1/elsewhere");
        Assert.False(Node.Status.HasEventStream);
    }

    [Fact]
    public async Task Hint_WithTheRepositoryOfTheRelayGone_UpdatesFromTheMirror()
    {
        await using MirrorFixture mirror = await MirrorFixture.StartAsync(_fixture);
        await StartAsync(o =>
        {
            o.Mirrors.Add(mirror.Server.Address);
            o.MirrorTlsRoot = _fixture.Options.MirrorTlsRoot;
        });
        await _node.HasStreamAsync();
        _events.Other = (http, path) =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.FromResult(path.StartsWith("metadata/", StringComparison.Ordinal));
        };

        await _fixture.PublishAsync(TestModel.Create(version: 2));
        _events.SendHint(1_000_000);

        await _node.ActiveAsync(2);
    }

    [Fact]
    public async Task Relay_OfAnEarlierVersion_IsAskedOnceAndPolled()
    {
        _events.Refuse = http =>
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.FromResult(true);
        };
        await StartAsync(o => o.PollInterval = TimeSpan.FromSeconds(0.1));
        await Eventually.TrueAsync(() => !_events.LastEventIds.IsEmpty, "the stream was asked for");
        int before = Requests();
        await Eventually.TrueAsync(() => Requests() > before + 10, "ten polls");

        Assert.Single(_events.LastEventIds);
        Assert.Empty(Node.Status.CurrentRefusals);
    }

    [Fact]
    [Trait("Attack", "endless-pause")]
    public async Task Relay_WhoseStreamIsBusyForADay_IsPolledAllTheSame()
    {
        _events.Refuse = http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "86400";
            return Task.FromResult(true);
        };
        await StartAsync(o => o.PollInterval = TimeSpan.FromSeconds(0.1));
        await Eventually.TrueAsync(() => !_events.LastEventIds.IsEmpty, "the stream was asked for");

        await _fixture.PublishAsync(TestModel.Create(version: 2));

        await _node.ActiveAsync(2);
        Assert.Empty(Node.Status.CurrentRefusals);
    }

    [Fact]
    public async Task Push_TurnedOff_AsksForNoStream()
    {
        await StartAsync(o => (o.Push, o.PollInterval) = (false, TimeSpan.FromSeconds(0.1)));
        await _fixture.PublishAsync(TestModel.Create(version: 2));

        await _node.ActiveAsync(2);

        Assert.Empty(_events.LastEventIds);
    }

    private async Task StartAsync(Action<RelaySyncOptions>? change = null) => _node = await HostedNode.StartAsync(_fixture, change);

    private int Requests() => _fixture.Server.Requests.Count(request => request.Path == MisbehavingRepository.TimestampPath);
}
