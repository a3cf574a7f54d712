using System.Net;
using System.Text;
using Relay.AdminClient;

namespace Relay.Server.Tests.AdminClient;

/// <summary>Something else than a relay may be at the address: what it answers is a refusal, whatever is in it.</summary>
public sealed class ForeignAnswerTests
{
    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"no\"")]
    [InlineData("""{"detail":5,"type":[],"errors":"all"}""")]
    [InlineData("""{"detail":null,"errors":{"$.a":"x","$.a":"y"}}""")]
    public async Task Problem_OfAnotherProgram_IsARefusalWithItsStatus(string body)
    {
        using RelayAdminClient client = new(new HttpClient(new FixedHandler(body)) { BaseAddress = new Uri("https://relay.example.com") });

        RelayException refused = await Assert.ThrowsAsync<RelayException>(() => client.Status.ReadReadinessAsync());

        Assert.Equal((HttpStatusCode.BadGateway, null), (refused.Status, refused.Type));
    }

    private sealed class FixedHandler(string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadGateway)
            {
                RequestMessage = request,
                Content = new StringContent(body, Encoding.UTF8, "application/problem+json"),
            });
    }
}
