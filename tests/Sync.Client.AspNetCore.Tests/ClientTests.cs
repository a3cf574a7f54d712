using System.Net;
using Microsoft.AspNetCore.Http;
using Shared.Contracts.Http;
using Sync.Client.AspNetCore.Scoring;

namespace Sync.Client.AspNetCore.Tests;

/// <summary>Who a client is, and what of its request counts.</summary>
public sealed class ClientTests
{
    private static readonly List<string> Names = [.. HttpFeatureSchema.Names];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Attack", "threat-forwarded-for")]
    [InlineData("203.0.113.9", "1.2.3.4", "203.0.113.9", false)]
    [InlineData("10.0.0.1", null, "10.0.0.1", false)]
    [InlineData("10.0.0.1", "198.51.100.7", "198.51.100.7", false)]
    [InlineData("10.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7", true)]
    [InlineData("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7", false)]
    [InlineData("::ffff:10.0.0.1", "1.2.3.4|198.51.100.7:5123", "198.51.100.7", true)]
    [InlineData("10.0.0.1", "[2001:db8::1]:443", "2001:db8::1", false)]
    [InlineData("10.0.0.1", "unknown", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "1.2.3.4, <script>", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3", false)]
    [InlineData("10.0.0.1", ",", "10.0.0.1", true)]
    public void Find_HeaderFromAnyone_NamesTheClientOnlyWhereAProxyAddedIt(string peer, string? header, string client, bool sent)
    {
        ThreatScoringOptions options = new();
        options.TrustedProxies.Add(IPNetwork.Parse("10.0.0.0/8"));
        DefaultHttpContext context = new();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        if (header is not null)
        {
            context.Request.Headers["X-Forwarded-For"] = header.Split('|');
        }

        IPAddress found = new ClientAddress(options).Find(context, out bool isProxied, out bool sentForwardedFor);

        Assert.Equal(IPAddress.Parse(client), found);
        Assert.Equal((peer != "203.0.113.9", sent), (isProxied, sentForwardedFor));
    }

    [Fact]
    public async Task Request_BehindATrustedProxy_HasTheFeaturesOfWhatTheClientSent()
    {
        await using ScoredSite site = await ScoredSite.StartAsync(o => o.TrustedProxies.Add(IPNetwork.Parse("127.0.0.0/8")));

        await SendAsync(site, ("X-Forwarded-For", "198.51.100.7"), ("X-Real-IP", "198.51.100.7"), ("X-Forwarded-Proto", "https"));
        await SendAsync(site, ("X-Forwarded-For", "1.2.3.4, 198.51.100.7"));

        float[][] rows = [.. site.Rows];
        Assert.Equal([198, 51, 100, 7], rows[0][..4]);
        Assert.Equal((0f, 1f), (rows[0][Names.IndexOf("forwarding_headers")], rows[0][Names.IndexOf("header_count")]));
        Assert.Equal((1f, 2f), (rows[1][Names.IndexOf("forwarding_headers")], rows[1][Names.IndexOf("requests_5m")]));
    }

    [Fact]
    public async Task Request_NoTrustedProxy_HasTheAddressOfTheConnection()
    {
        await using ScoredSite site = await ScoredSite.StartAsync();

        await SendAsync(site, ("X-Forwarded-For", "198.51.100.7"));

        float[] row = Assert.Single(site.Rows);
        Assert.Equal([127, 0, 0, 1], row[..4]);
        Assert.Equal(1, row[Names.IndexOf("forwarding_headers")]);
    }

    [Fact]
    public async Task Request_AfterFailedLogins_CountsThem()
    {
        await using ScoredSite site = await ScoredSite.StartAsync();

        using (await site.Client.GetAsync("/login", Cancel))
        using (await site.Client.GetAsync("/login", Cancel))
        {
            await SendAsync(site);
        }

        Assert.Equal([0, 1, 2], site.Rows.Select(row => row[Names.IndexOf("failed_logins_30m")]));
    }

    [Fact]
    [Trait("Attack", "threat-log-line")]
    public async Task Request_ControlCharactersInTheTarget_AreOneLineOfTheLog()
    {
        await using ScoredSite site = await ScoredSite.StartAsync();

        await SendRawAsync(site.Client.BaseAddress!, "GET /x\u001b[2J?&&&&&&&&& HTTP/1.1\r\nHost: a\r\n\r\n");
        using HttpResponseMessage answer = await site.Client.GetAsync("/x%0a2026%20forged?&&&&&&&&&", Cancel);

        string[] lines =
        [
            .. site.Log.Entries.Select(entry => entry.Message).Where(line => line.Contains("is attack with score", StringComparison.Ordinal)),
        ];
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.DoesNotContain(line, char.IsControl));
    }

    [Fact]
    public async Task Request_ResponseHeadersWanted_HasThem()
    {
        await using ScoredSite site = await ScoredSite.StartAsync(o => o.ResponseHeaders = true);

        using HttpResponseMessage answer = await site.Client.GetAsync(ScoredSite.TargetOf(9), Cancel);
        site.Model.Deactivate();
        using HttpResponseMessage unscored = await site.Client.GetAsync("/", Cancel);

        Assert.Equal(
            ("attack", "0.9000", "1"),
            (Header(answer, "X-Relay-Verdict"), Header(answer, "X-Relay-Probability"), Header(answer, "X-Relay-Version")));
        Assert.Equal("unscored; NotReady", Header(unscored, "X-Relay-Verdict"));
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();

    private static async Task SendAsync(ScoredSite site, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage answer = await site.Client.SendAsync(request, Cancel);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task SendRawAsync(Uri address, string text)
    {
        using System.Net.Sockets.TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, address.Port, Cancel);
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(text), Cancel);
        await client.GetStream().ReadAtLeastAsync(new byte[16], 16, throwOnEndOfStream: false, Cancel);
    }
}
