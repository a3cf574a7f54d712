using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Audit;
using Relay.Server.Webhooks;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Webhooks;

public sealed class WebhookEndpointsTests : IAsyncLifetime
{
    private TestRelay _relay = null!;

    public async ValueTask InitializeAsync() => _relay = await TestRelay.StartAsync();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    [Trait("Attack", "webhook-secret")]
    public async Task Secret_IsInTheAnswerToTheCreationAndNowhereElse()
    {
        WebhookCreated created = await _relay.CreateAsync("https://ops.example.com/relay", WebhookEvents.RolloutHalted, WebhookEvents.RolloutHalted);
        string secret = created.Secret["whsec_".Length..];

        string list = await _relay.Admin.GetStringAsync(Routes.Webhooks);
        string one = await _relay.Admin.GetStringAsync(Routes.WebhookOf(created.Webhook.Id));
        string audit = string.Join('\n', _relay.Services.GetRequiredService<AuditLog>().ReadLines(0));

        Assert.Equal(32, Convert.FromBase64String(secret).Length);
        Assert.DoesNotContain(secret, list + one + audit + created, StringComparison.Ordinal);
        Assert.DoesNotContain("ecret", list + one, StringComparison.Ordinal);
        WebhookView view = await _relay.ReadAsync(created);
        Assert.Equal(("a receiver", "https://ops.example.com/relay", WebhookView.Active), (view.Name, view.Url, view.State));
        Assert.Equal([WebhookEvents.RolloutHalted], view.Events);
        Assert.Null(view.LastDelivery);
    }

    [Fact]
    public async Task RepeatedCreation_WithAnIdempotencyKey_MakesOneAndShowsNoSecretAgain()
    {
        string first = await SendAsync(HttpStatusCode.Created);
        string again = await SendAsync(HttpStatusCode.Conflict);

        Assert.Contains("whsec_", first, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", again, StringComparison.Ordinal);
        Assert.Single((await _relay.Admin.GetFromJsonAsync(Routes.Webhooks, RelayApiJson.Default.PageWebhookView))!.Items);

        async Task<string> SendAsync(HttpStatusCode expected)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, Routes.Webhooks)
            {
                Content = HttpResponses.Json("""{"url":"https://example.com/","events":["node.banned"],"name":"x"}"""),
            };
            request.Headers.Add(Routes.IdempotencyKeyHeader, "once");
            using HttpResponseMessage response = await _relay.Admin.SendAsync(request);
            Assert.Equal(expected, response.StatusCode);
            return await response.Content.ReadAsStringAsync();
        }
    }

    [Theory]
    [InlineData("https://example.com/", "unknown", "x")]
    [InlineData("https://example.com/", "webhook.test", "x")]
    [InlineData("https://example.com/", null, "x")]
    [InlineData("https://example.com/", "node.banned", "")]
    [InlineData("https://example.com/", "node.banned", "two\nlines")]
    [InlineData("http://example.com/", "node.banned", "x")]
    [InlineData("ftp://example.com/", "node.banned", "x")]
    [InlineData("/relative", "node.banned", "x")]
    [InlineData("https://", "node.banned", "x")]
    [InlineData("https://user:password@example.com/", "node.banned", "x")]
    [InlineData("https://example.com/#fragment", "node.banned", "x")]
    public async Task Creation_OfWhatCannotBeUsed_IsRefused(string url, string? name, string receiver) =>
        Assert.Equal("invalid-webhook", await RefusalAsync(url, name is null ? [] : [name], receiver));

    [Theory]
    [Trait("Attack", "webhook-private-address")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://localhost/")]
    [InlineData("https://localhost:60002/v1/api-keys")]
    [InlineData("http://localhost/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:10.0.0.1]/")]
    [InlineData("https://[fe80::1]/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://10.0.0.1/")]
    public async Task Creation_WithAPrivateAddress_IsRefused(string url) =>
        Assert.Equal("invalid-webhook", await RefusalAsync(url, [WebhookEvents.NodeBanned], "x"));

    [Fact]
    public async Task Creation_OfOneMoreThanTheRelayKeeps_IsRefused()
    {
        for (int i = 0; i < WebhookStore.Maximum; i++)
        {
            await _relay.CreateAsync("https://example.com/");
        }

        using HttpResponseMessage response = await PostAsync("https://example.com/", [WebhookEvents.NodeBanned], "x");

        Assert.Equal("too-many-webhooks", await response.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal("invalid-webhook", await RefusalAsync("https://example.com/" + new string('a', 1000), [WebhookEvents.NodeBanned], "x"));
    }

    [Fact]
    public async Task Deleted_IsUnknown()
    {
        WebhookCreated created = await _relay.CreateAsync("https://example.com/");

        (await _relay.Admin.DeleteAsync(Routes.WebhookOf(created.Webhook.Id))).EnsureSuccessStatusCode();

        foreach (string route in (string[])["", "/pause", "/resume", "/test"])
        {
            using HttpResponseMessage gone = route.Length == 0
                ? await _relay.Admin.DeleteAsync(Routes.WebhookOf(created.Webhook.Id))
                : await _relay.Admin.PostAsync(Routes.WebhookOf(created.Webhook.Id) + route, null);
            Assert.Equal("unknown-webhook", await gone.ProblemTypeAsync(HttpStatusCode.NotFound));
        }
    }

    [Fact]
    public async Task Events_AreListedAfterASequenceInPages()
    {
        for (int i = 0; i < 5; i++)
        {
            _relay.Add($"n{i}");
        }

        Page<WebhookEvent> first = await ListAsync($"{Routes.WebhookEvents}?limit=2");
        Page<WebhookEvent> rest = await ListAsync($"{Routes.WebhookEvents}?after={first.Next}");

        Assert.Equal(["n0", "n1"], first.Items.Select(item => item.Data.Node));
        Assert.Equal(["n2", "n3", "n4"], rest.Items.Select(item => item.Data.Node));
        Assert.Null(rest.Next);
        Assert.Equal(5, long.Parse(rest.Items[^1].Sequence, CultureInfo.InvariantCulture));
        Assert.StartsWith("/relays/", rest.Items[0].Source, StringComparison.Ordinal);
    }

    private async Task<Page<WebhookEvent>> ListAsync(string route) =>
        (await _relay.Admin.GetFromJsonAsync(route, RelayApiJson.Default.PageWebhookEvent))!;

    private async Task<string?> RefusalAsync(string url, string[] events, string name)
    {
        using HttpResponseMessage response = await PostAsync(url, events, name);
        return await response.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity);
    }

    private Task<HttpResponseMessage> PostAsync(string url, string[] events, string name) =>
        _relay.Admin.PostAsync(Routes.Webhooks, HttpResponses.Json(JsonSerializer.Serialize(
            new WebhookRequest(url, events, name), RelayApiJson.Default.WebhookRequest)));
}
