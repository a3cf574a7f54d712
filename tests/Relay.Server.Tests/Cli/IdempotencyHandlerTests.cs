using System.Net;
using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Cli;

public sealed class IdempotencyHandlerTests
{
    [Fact]
    public async Task Change_WhoseAnswerIsLost_IsSentAgainWithTheSameKey()
    {
        BrokenRelay relay = new(broken: 2, HttpRequestError.ResponseEnded);
        using HttpClient client = Client(relay);

        using HttpResponseMessage answer = await client.PostAsync("/v1/models", new StringContent("{}"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(3, relay.Keys.Count);
        Assert.True(Guid.TryParse(Assert.Single(relay.Keys.Distinct()), out _));
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError)]
    [InlineData(HttpRequestError.SecureConnectionError)]
    [InlineData(HttpRequestError.NameResolutionError)]
    public async Task Change_ThatCannotReachARelay_FailsAtOnce(HttpRequestError error)
    {
        BrokenRelay relay = new(broken: 2, error);
        using HttpClient client = Client(relay);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync("/v1/models", new StringContent("{}")));

        Assert.Single(relay.Keys);
    }

    [Fact]
    public async Task ReadsAndStreams_AreSentOnceAndWithoutAKey()
    {
        BrokenRelay relay = new(broken: 9, HttpRequestError.ResponseEnded);
        using HttpClient client = Client(relay);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/v1/models"));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync("/v1/datasets/x/samples", new StreamContent(new MemoryStream())));

        Assert.Equal([null, null], relay.Keys);
    }

    [Fact]
    public async Task Change_ThatBreaksEachTime_Fails()
    {
        BrokenRelay relay = new(broken: 9, HttpRequestError.ResponseEnded);
        using HttpClient client = Client(relay);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.DeleteAsync("/v1/nodes/x"));

        Assert.Equal(3, relay.Keys.Count);
    }

    private static HttpClient Client(BrokenRelay relay) =>
        new(new IdempotencyHandler(relay, new ImmediateTime())) { BaseAddress = new Uri("https://relay.example.com") };

    private sealed class BrokenRelay(int broken, HttpRequestError error) : HttpMessageHandler
    {
        public List<string?> Keys { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Keys.Add(request.Headers.TryGetValues(Routes.IdempotencyKeyHeader, out IEnumerable<string>? keys) ? keys.Single() : null);
            return Keys.Count <= broken
                ? throw new HttpRequestException(error, "broken")
                : Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        }
    }

    private sealed class ImmediateTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
