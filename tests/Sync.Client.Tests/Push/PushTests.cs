using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;

namespace Sync.Client.Tests.Push;

public sealed class PushTests : IAsyncLifetime
{
    private NodeFixture _fixture = null!;
    private EventServer _events = null!;
    private IHost _host = null!;

    private SyncClient Node => _host.Services.GetRequiredService<SyncClient>();

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        _events = new EventServer(_fixture.Server);
        await _fixture.PublishAsync(TestModel.Create(version: 1));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task Hint_OfAChange_UpdatesTheNodeBetweenPolls()
    {
        await StartAsync();
        await Eventually.TrueAsync(() => Node.Status.HasEventStream, "the stream is open");

        await _fixture.PublishAsync(TestModel.Create(version: 2));
        _events.SendHint(1_000_000);

        await ActiveAsync(2);
    }

    [Fact]
    public async Task Stream_ThatEnds_IsOpenedAgainFromTheVersionThatTheNodeVerified()
    {
        await StartAsync();
        await Eventually.TrueAsync(() => Node.Status.HasEventStream, "the stream is open");
        _events.SendHint(long.MaxValue);

        _events.End();
        await Eventually.TrueAsync(() => _events.LastEventIds.Count == 2, "the stream is opened again");

        Assert.All(_events.LastEventIds, id => Assert.Equal($"{_fixture.Honest.Read().Timestamp.Version}", id));
    }

    [Fact]
    [Trait("Attack", "forged-event")]
    public async Task Events_OfAStolenRelay_CanOnlyMakeTheNodeLook()
    {
        await StartAsync();
        await Eventually.TrueAsync(() => Node.Status.HasEventStream, "the stream is open");
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
        await ActiveAsync(2);

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
        await Eventually.TrueAsync(() => Node.Status.HasEventStream, "the stream is open");
        _events.Other = (http, path) =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.FromResult(path.StartsWith("metadata/", StringComparison.Ordinal));
        };

        await _fixture.PublishAsync(TestModel.Create(version: 2));
        _events.SendHint(1_000_000);

        await ActiveAsync(2);
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

        await ActiveAsync(2);
        Assert.Empty(Node.Status.CurrentRefusals);
    }

    [Fact]
    public async Task Push_TurnedOff_AsksForNoStream()
    {
        await StartAsync(o => (o.Push, o.PollInterval) = (false, TimeSpan.FromSeconds(0.1)));
        await _fixture.PublishAsync(TestModel.Create(version: 2));

        await ActiveAsync(2);

        Assert.Empty(_events.LastEventIds);
    }

    private async Task StartAsync(Action<RelaySyncOptions>? change = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<TimeProvider>(_fixture.Clock);
        builder.Services.AddRelaySync(o =>
        {
            o.Relay = _fixture.Options.Relay;
            o.TlsRoot = _fixture.Options.TlsRoot;
            o.TrustedRoot = _fixture.Options.TrustedRoot;
            o.StoreFolder = _fixture.Options.StoreFolder;
            o.NodeId = "node-1";
            o.PollInterval = TimeSpan.FromHours(1);
            o.Models.Add("threat-classifier");
            o.Budgets.Retries = 0;
            o.Budgets.TryOutLatency = TimeSpan.FromSeconds(5);
            change?.Invoke(o);
        });
        _host = builder.Build();
        await _host.StartAsync();
        await ActiveAsync(1);
    }

    private int Requests() => _fixture.Server.Requests.Count(request => request.Path == MisbehavingRepository.TimestampPath);

    private Task ActiveAsync(int version) => Eventually.TrueAsync(
        () => Node.Models.Single() is { IsReady: true } model && model.Active.Version == version,
        $"version {version} is active: {string.Join(", ", Node.Status.CurrentRefusals)}");
}
