using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Storage;
using Relay.Server.Webhooks;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Webhooks;

/// <summary>What tests of webhooks ask of a relay.</summary>
internal static class WebhookRelay
{
    /// <summary>Pauses of milliseconds, and receivers on this machine.</summary>
    public static WebhookSettings Quick { get; } = new()
    {
        AllowsPrivate = true,
        Interval = TimeSpan.FromMilliseconds(10),
        FirstPause = TimeSpan.FromMilliseconds(10),
        LongestPause = TimeSpan.FromMilliseconds(20),
    };

    public static Task<TestRelay> StartAsync(WebhookSettings? settings = null, TimeProvider? timeProvider = null) =>
        TestRelay.StartAsync(options => options with
        {
            TimeProvider = timeProvider ?? TimeProvider.System,
            MoreServices = services => services.AddSingleton(settings ?? Quick),
        });

    public static async Task<WebhookCreated> CreateAsync(this TestRelay relay, string url, params string[] events)
    {
        WebhookRequest request = new(url, events.Length == 0 ? [WebhookEvents.NodeBanned] : events, "a receiver");
        using HttpResponseMessage response = await relay.Admin.PostAsJsonAsync(
            Routes.Webhooks, request, RelayApiJson.Default.WebhookRequest);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.WebhookCreated))!;
    }

    public static async Task<WebhookView> ReadAsync(this TestRelay relay, WebhookCreated webhook) =>
        (await relay.Admin.GetFromJsonAsync(Routes.WebhookOf(webhook.Webhook.Id), RelayApiJson.Default.WebhookView))!;

    public static async Task PostAsync(this TestRelay relay, WebhookCreated webhook, string change) =>
        (await relay.Admin.PostAsync($"{Routes.WebhookOf(webhook.Webhook.Id)}/{change}", null)).EnsureSuccessStatusCode();

    /// <summary>Adds an event as what it is about does.</summary>
    public static void Add(this TestRelay relay, string node, string type = WebhookEvents.NodeBanned) =>
        relay.Services.GetRequiredService<RelayDatabase>().Write((connection, transaction) =>
        {
            WebhookEventTable.Append(
                connection, transaction, type, $"nodes/{node}", new() { Node = node },
                relay.Services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds());
            return true;
        });

    public static Task WaitAsync(this WebhookReceiver receiver, int deliveries) =>
        Eventually.TrueAsync(() => receiver.Received.Count >= deliveries, $"the receiver has {deliveries} deliveries");

    public static IEnumerable<string?> Nodes(this WebhookReceiver receiver) => receiver.Received.Select(delivery => delivery.Event.Data.Node);
}
