using System.Net;
using Relay.Server.Http;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

public sealed class RateLimitTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void ClientOf_IsTheAddressOrTheNetworkThatOneClientHas(string address, string client) =>
        Assert.Equal(IPAddress.Parse(client), RateLimits.ClientOf(IPAddress.Parse(address)));

    [Fact]
    public async Task OpenRoute_BehindATrustedProxy_LimitsEachClientOfItsOwn()
    {
        await using TestRelay relay = await TestRelay.StartAsync(o => o with
        {
            RequestsPerSecondAndAddress = 1,
            TrustedProxies = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8")],
        });

        Assert.Contains(HttpStatusCode.TooManyRequests, await AskAsync(relay, _ => "203.0.113.7, 10.1.2.3"));
        Assert.Equal([HttpStatusCode.OK], (await AskAsync(relay, i => $"198.51.100.{i}, 10.1.2.3")).Distinct());
    }

    [Fact]
    [Trait("Attack", "forged-address")]
    public async Task OpenRoute_ForwardedAddressesOfAStranger_AreNotBelieved()
    {
        await using TestRelay relay = await TestRelay.StartAsync(o => o with { RequestsPerSecondAndAddress = 1 });

        Assert.Contains(HttpStatusCode.TooManyRequests, await AskAsync(relay, i => $"198.51.100.{i}"));
    }

    [Fact]
    public async Task OpenRoute_WithoutLimit_RefusesNobody()
    {
        await using TestRelay relay = await TestRelay.StartAsync(o => o with { RequestsPerSecondAndAddress = 0 });

        Assert.Equal([HttpStatusCode.OK], (await AskAsync(relay, _ => "203.0.113.7")).Distinct());
    }

    private static async Task<IReadOnlyList<HttpStatusCode>> AskAsync(TestRelay relay, Func<int, string> forwardedFor)
    {
        List<HttpStatusCode> statuses = [];
        for (int i = 0; i < 30; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, Routes.LegacyList);
            request.Headers.Add("X-Forwarded-For", forwardedFor(i));
            using HttpResponseMessage response = await relay.Anonymous.SendAsync(request);
            statuses.Add(response.StatusCode);
        }

        return statuses;
    }
}
