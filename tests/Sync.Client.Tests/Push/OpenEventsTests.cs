using Microsoft.AspNetCore.Http;
using Shared.Contracts;
using Sync.Client.Transport;

namespace Sync.Client.Tests.Push;

public sealed class OpenEventsTests : IAsyncLifetime
{
    private NodeFixture _fixture = null!;
    private EventServer _events = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        _events = new EventServer(_fixture.Server);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData(200, "text/html", "", nameof(EventAnswer.Failed))]
    [InlineData(200, "text/event-stream", "gzip", nameof(EventAnswer.Failed))]
    [InlineData(204, "text/event-stream", "", nameof(EventAnswer.Failed))]
    [InlineData(302, "text/event-stream", "", nameof(EventAnswer.Failed))]
    [InlineData(401, "text/event-stream", "", nameof(EventAnswer.Failed))]
    [InlineData(404, "text/event-stream", "", nameof(EventAnswer.NotOffered))]
    [InlineData(500, "text/event-stream", "", nameof(EventAnswer.Failed))]
    [Trait("Attack", "gzip-bomb")]
    public async Task OpenEventsAsync_AnswerThatIsNoStream_IsNotRead(int status, string type, string encoding, string answer)
    {
        _events.Refuse = http =>
        {
            (http.Response.StatusCode, http.Response.ContentType) = (status, type);
            http.Response.Headers.Location = "/v1/elsewhere";
            http.Response.Headers.ContentEncoding = encoding;
            return Task.FromResult(true);
        };
        using RelayHttp http = Open();

        using EventResponse response = await http.OpenEventsAsync("stable", known: 7, default);

        Assert.Equal(answer, $"{response.Answer}");
        Assert.Equal("7", Assert.Single(_events.LastEventIds));
    }

    [Fact]
    public async Task OpenEventsAsync_BusyRelay_AsksForAWaitOfTheStreamAlone()
    {
        _events.Refuse = http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "60";
            return Task.FromResult(true);
        };
        using RelayHttp http = Open();

        using EventResponse response = await http.OpenEventsAsync("stable", known: 0, default);
        Fetched polled = await http.GetAsync("/v1/repository/metadata/timestamp.json", 16_384, RefusalReason.MetadataTooLarge, null, default);

        Assert.Equal(EventAnswer.Busy, response.Answer);
        Assert.InRange(response.Wait, TimeSpan.FromSeconds(55), TimeSpan.FromSeconds(60));
        Assert.Equal(FetchStatus.Ok, polled.Status);
        Assert.Equal("", Assert.Single(_events.LastEventIds));
    }

    [Fact]
    [Trait("Attack", "dripping-events")]
    public async Task OpenEventsAsync_ProxyThatKeepsTheAnswer_FailsAfterTheGrace()
    {
        _fixture.Options.Budgets.SlowBodyGrace = TimeSpan.FromMilliseconds(200);
        _events.Refuse = async http =>
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        using RelayHttp http = Open();

        using EventResponse response = await http.OpenEventsAsync("stable", known: 0, default);

        Assert.Equal(EventAnswer.Failed, response.Answer);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("-1", 0)]
    [InlineData("soon", 0)]
    [InlineData("99999999999999", 0)]
    [InlineData(null, 0)]
    public async Task AskedPace_HeaderOfTheTimestamp_IsReadStrictly(string? header, int seconds)
    {
        _events.Other = (http, _) =>
        {
            http.Response.Headers["Relay-Poll-Seconds"] = header;
            return Task.FromResult(false);
        };
        using RelayHttp http = Open();

        await http.GetAsync("/v1/repository/metadata/timestamp.json", 16_384, RefusalReason.MetadataTooLarge, null, default);

        Assert.Equal(seconds, http.AskedPace.TotalSeconds);
    }

    private RelayHttp Open() => new(_fixture.Options.Relay!, _fixture.Options.TlsRoot, _fixture.Options.Budgets, TimeProvider.System);
}
