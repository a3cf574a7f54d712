using System.IO.Pipelines;
using System.Net;
using Relay.AdminClient;
using Relay.AdminClient.Transport;

namespace Relay.Server.Tests.Cli;

public sealed class RetryAfterHandlerTests
{
    [Theory]
    [InlineData(429, 0, 1, 2, 200)]
    [InlineData(503, 0, 3, 4, 200)]
    [InlineData(503, 0, 9, 4, 503)]
    [InlineData(503, 3600, 9, 1, 503)]
    [InlineData(500, 0, 9, 1, 500)]
    public async Task Send_RelayThatAsksForAPause_IsAskedAgainAfterAShortOne(int status, int seconds, int times, int requests, int final)
    {
        BusyRelay relay = new((HttpStatusCode)status, TimeSpan.FromSeconds(seconds), times);
        using HttpClient http = new(new RetryAfterHandler(relay, TimeProvider.System)) { BaseAddress = new("https://relay") };

        using HttpResponseMessage response = await http.PostAsync("/", new StringContent("body"));

        Assert.Equal((final, requests), ((int)response.StatusCode, relay.Bodies.Count));
        Assert.All(relay.Bodies, body => Assert.Equal("body", body));
    }

    [Theory]
    [InlineData(true, 4)]
    [InlineData(false, 1)]
    public async Task Upload_OfAStream_IsSentAgainWhereItCanBeReadAgain(bool canSeek, int requests)
    {
        BusyRelay relay = new(HttpStatusCode.TooManyRequests, TimeSpan.Zero, times: 9);
        using RelayAdminClient client = new(new HttpClient(new RetryAfterHandler(relay, TimeProvider.System)) { BaseAddress = new("https://relay") });
        using MemoryStream rows = new("body"u8.ToArray());
        using Stream stream = canSeek ? rows : PipeReader.Create(rows).AsStream();

        RelayException refused = await Assert.ThrowsAsync<RelayException>(() => client.Datasets.UploadSamplesAsync("a", stream, "text/csv"));

        Assert.Equal((HttpStatusCode.TooManyRequests, requests), (refused.Status, relay.Bodies.Count));
        Assert.All(relay.Bodies, body => Assert.Equal("body", body));
    }

    private sealed class BusyRelay(HttpStatusCode status, TimeSpan pause, int times) : HttpMessageHandler
    {
        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            HttpResponseMessage response = new(Bodies.Count <= times ? status : HttpStatusCode.OK);
            response.Headers.RetryAfter = new(pause);
            return response;
        }
    }
}
