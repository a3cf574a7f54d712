using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Events;
using Relay.Server.Repository.Publishing;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Events;

public sealed class EventEndpointsTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private TestRelay Relay => fixture.Relay;

    [Fact]
    public async Task Open_WithoutLastEventId_SendsThePaceAndAHintAtOnce()
    {
        long version = await EventConnection.SettledVersionAsync(Relay);
        await using EventConnection events = await EventConnection.OpenAsync(Relay.Anonymous);

        SseItem<string>? pace = await events.NextAsync();
        SseItem<string>? hint = await events.NextAsync();

        Assert.Equal("text/event-stream", events.Response.Content.Headers.ContentType?.ToString());
        Assert.True(events.Response.Headers.CacheControl is { NoStore: true, NoTransform: true });
        Assert.Equal((RelayEvents.Pace, """{"pollSeconds":60}"""), (pace?.EventType, pace?.Data));
        Assert.True(events.Parser.ReconnectionInterval >= TimeSpan.FromSeconds(1));
        Assert.Equal((RelayEvents.Metadata, EventConnection.Text(version)), (hint?.EventType, hint?.EventId));
        Assert.Equal(version, JsonSerializer.Deserialize(hint!.Value.Data, RelayApiJson.Default.MetadataEvent)?.Timestamp);
    }

    [Fact]
    public async Task Open_LastEventIdIsCurrent_SendsTheNextChangeOnly()
    {
        long before = await EventConnection.SettledVersionAsync(Relay);
        await using EventConnection events = await EventConnection.OpenAsync(Relay.Anonymous, EventConnection.Text(before));
        await events.NextAsync();

        await ChangeAsync();

        Assert.Equal(EventConnection.Text(before + 1), (await events.NextAsync())?.EventId);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e9")]
    [InlineData("99999999999999999999999999")]
    [InlineData("17, 18")]
    [InlineData("<script>")]
    [Trait("Attack", "forged-event-id")]
    public async Task Open_LastEventIdThatIsNoVersion_IsHintedAtOnce(string id)
    {
        await using EventConnection events = await EventConnection.OpenAsync(Relay.Anonymous, id);
        await events.NextAsync();

        Assert.Equal(RelayEvents.Metadata, (await events.NextAsync())?.EventType);
    }

    [Fact]
    public async Task Change_ByAnotherProcess_IsHinted()
    {
        long before = await EventConnection.SettledVersionAsync(Relay);
        await using EventConnection events = await EventConnection.OpenAsync(Relay.Anonymous, EventConnection.Text(before));
        await events.NextAsync();

        RelayCommandRun rotated = await RelayCommandRun.RunAsync("keys", "rotate", "snapshot", "--data", Relay.DataFolder);

        Assert.True(rotated.Code == 0, rotated.Error);
        Assert.True(long.Parse((await events.NextAsync())!.Value.EventId!, System.Globalization.CultureInfo.InvariantCulture) > before);
    }

    [Fact]
    [Trait("Attack", "event-streams")]
    public async Task Open_BeyondTheBound_IsBusyUntilAnotherIsClosed()
    {
        await using TestRelay relay = await TestRelay.StartAsync(o => o with { MaximumEventStreams = 4 });
        List<EventConnection> open = [];
        for (int i = 0; i < 4; i++)
        {
            open.Add(await EventConnection.OpenAsync(relay.Anonymous));
        }

        using HttpResponseMessage refused = await EventConnection.RequestAsync(relay.Anonymous);
        string problem = await refused.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable);
        using HttpResponseMessage polled = await relay.Anonymous.GetAsync($"{Routes.Metadata}/{MetadataPaths.Timestamp}");
        await open[0].DisposeAsync();
        EventStreams streams = relay.Services.GetRequiredService<EventStreams>();
        await Eventually.TrueAsync(() => streams.Count == 3, "the closed stream is free");
        open[0] = await EventConnection.OpenAsync(relay.Anonymous);

        Assert.Equal("too-many-event-streams", problem);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.OK, polled.StatusCode);
        open.ForEach(stream => stream.Response.Dispose());
    }

    [Fact]
    [Trait("Attack", "event-streams")]
    public async Task Open_ManyByOneClient_LeavesStreamsForOthers()
    {
        await using TestRelay relay = await TestRelay.StartAsync(o => o with
        {
            MaximumEventStreams = 16,
            TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")],
        });
        List<EventConnection> open = [];
        for (int i = 0; i < 4; i++)
        {
            open.Add(await EventConnection.OpenAsync(relay.Anonymous, forwardedFor: "198.51.100.1"));
        }

        using HttpResponseMessage refused = await EventConnection.RequestAsync(relay.Anonymous, forwardedFor: "198.51.100.1");
        using HttpResponseMessage other = await EventConnection.RequestAsync(relay.Anonymous, forwardedFor: "198.51.100.2");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (refused.StatusCode, other.StatusCode));

        // Until here: a stream that nothing refers to is closed by the next collection of memory.
        foreach (EventConnection stream in open)
        {
            await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task Stop_WithOpenStreams_EndsThemInOrder()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using HttpClient client = relay.CreateClient();
        await using EventConnection events = await EventConnection.OpenAsync(client);
        await events.NextAsync();
        await events.NextAsync();

        await relay.StopAsync();

        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task Serve_WithoutEventStreamsAndWithAPace_HasNoSuchRouteAndTellsThePaceOnPolls()
    {
        await using TestRelay relay = await TestRelay.StartAsync(o => o with { MaximumEventStreams = 0, PollSeconds = 120 });

        using HttpResponseMessage events = await EventConnection.RequestAsync(relay.Anonymous);
        using HttpResponseMessage poll = await relay.Anonymous.GetAsync($"{Routes.Metadata}/{MetadataPaths.Timestamp}");
        using HttpResponseMessage withoutPace = await Relay.Anonymous.GetAsync($"{Routes.Metadata}/{MetadataPaths.Timestamp}");

        Assert.Equal(HttpStatusCode.NotFound, events.StatusCode);
        Assert.Equal(["120"], poll.Headers.GetValues(RelayEvents.PollSecondsHeader));
        Assert.False(withoutPace.Headers.Contains(RelayEvents.PollSecondsHeader));
    }

    // A digest that no artifact has: the policy is a target, and signed like any other change.
    private Task ChangeAsync() => Relay.Services.GetRequiredService<PolicyPublisher>()
        .RevokeAsync([Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()).PadLeft(64, '0')], CancellationToken.None);
}
