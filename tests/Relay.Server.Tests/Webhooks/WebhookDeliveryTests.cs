using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Relay.Server.Tests.Monitoring;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Webhooks;

public sealed class WebhookDeliveryTests : IAsyncLifetime
{
    private TestRelay _relay = null!;
    private WebhookReceiver _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        _relay = await WebhookRelay.StartAsync();
        _receiver = await WebhookReceiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _relay.DisposeAsync();
    }

    [Fact]
    public async Task Events_AreDeliveredInOrderAndSignedAndOthersAreNot()
    {
        _relay.Add("before");
        WebhookCreated webhook = await _relay.CreateAsync(_receiver.Url);
        _relay.Add("other", WebhookEvents.ChannelDeleted);
        for (int i = 0; i < 5; i++)
        {
            _relay.Add($"n{i}");
        }

        await _receiver.WaitAsync(5);

        Assert.Equal(["n0", "n1", "n2", "n3", "n4"], _receiver.Nodes());
        Assert.Equal(5, _receiver.Received.DistinctBy(delivery => delivery.Id).Count());
        foreach (WebhookReceiver.Delivery delivery in _receiver.Received)
        {
            Assert.Equal(Sign(webhook.Secret, delivery), delivery.Signature);
            Assert.Equal(delivery.Id, delivery.Event.Id);
            Assert.Equal(("relay.node.banned", "1.0"), (delivery.Event.Type, delivery.Event.SpecVersion));
            Assert.StartsWith("application/cloudevents+json", delivery.ContentType, StringComparison.Ordinal);
        }

        WebhookView view = await Eventually.GetAsync(() => _relay.ReadAsync(webhook), v => v.Waiting == 0, "nothing waits");
        Assert.Equal((WebhookView.Active, 204, _receiver.Received[^1].Id), (view.State, view.LastDelivery?.Status, view.LastDelivery?.Event));
    }

    [Fact]
    public async Task FailedDelivery_IsRepeatedWithItsIdBeforeTheNextEvent()
    {
        _receiver.Answer = (context, number) => WebhookReceiver.Respond(context, number <= 3 ? 500 : 200);
        WebhookCreated webhook = await _relay.CreateAsync(_receiver.Url);
        _relay.Add("a");
        _relay.Add("b");

        await _receiver.WaitAsync(5);

        Assert.Equal(["a", "a", "a", "a", "b"], _receiver.Nodes());
        Assert.Single(_receiver.Received.Take(4).DistinctBy(delivery => delivery.Id));
        WebhookView view = await Eventually.GetAsync(() => _relay.ReadAsync(webhook), v => v.Waiting == 0, "nothing waits");
        Assert.Equal((0, null, null), (view.Failures, view.FailingSince, view.LastDelivery?.Error));
        Scrape scrape = await Scrape.ReadAsync(_relay);
        Assert.Equal(3, scrape["relay_webhook_deliveries_total", ("outcome", "failed")]);
        Assert.Equal(2, scrape["relay_webhook_deliveries_total", ("outcome", "delivered")]);
    }

    /// <summary>As a kill: the receiver has the event, and the relay has not noted it.</summary>
    [Fact]
    [Trait("Attack", "kill")]
    public async Task RelayEndsBetweenDeliveryAndNote_EventIsRepeatedWithItsIdAndNoneIsLost()
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = (context, number) => number == 1 ? ended.Task : WebhookReceiver.Respond(context, 204);
        await _relay.CreateAsync(_receiver.Url);
        _relay.Add("a");
        _relay.Add("b");
        await _receiver.WaitAsync(1);

        await _relay.AbortAsync();
        ended.SetResult();
        await _relay.StartAgainAsync();
        await _receiver.WaitAsync(3);

        Assert.Equal(["a", "a", "b"], _receiver.Nodes());
        Assert.Equal(_receiver.Received[0].Id, _receiver.Received[1].Id);
    }

    [Fact]
    public async Task Paused_EventsWaitUntilResume()
    {
        WebhookCreated webhook = await _relay.CreateAsync(_receiver.Url);
        await _relay.PostAsync(webhook, "pause");
        _relay.Add("a");
        _relay.Add("b");

        WebhookView paused = await _relay.ReadAsync(webhook);
        await _relay.PostAsync(webhook, "test");
        Assert.Equal("relay.webhook.test", Assert.Single(_receiver.Received).Event.Type);
        await _relay.PostAsync(webhook, "resume");
        await _receiver.WaitAsync(3);

        Assert.Equal((WebhookView.Paused, 2), (paused.State, paused.Waiting));
        Assert.Equal(["a", "b"], _receiver.Nodes().Skip(1));
    }

    [Fact]
    [Trait("Attack", "webhook-slow-receiver")]
    public async Task SlowReceiver_DoesNotHoldAnother()
    {
        await using WebhookReceiver slow = await WebhookReceiver.StartAsync();
        slow.Answer = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await _relay.CreateAsync(slow.Url);
        await _relay.CreateAsync(_receiver.Url);
        _relay.Add("a");
        await slow.WaitAsync(1);
        _relay.Add("b");

        await _receiver.WaitAsync(2);

        Assert.Equal(["a", "b"], _receiver.Nodes());
        Assert.Single(slow.Received);
    }

    [Fact]
    [Trait("Attack", "webhook-endless-answer")]
    public async Task EndlessAnswer_IsCutAndTheEventCountsAsDelivered()
    {
        TaskCompletionSource cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = async (context, number) =>
        {
            if (number == 1)
            {
                try
                {
                    while (true)
                    {
                        await context.Response.Body.WriteAsync(new byte[4096], context.RequestAborted);
                    }
                }
                catch (Exception e) when (e is OperationCanceledException or IOException)
                {
                    cut.SetResult();
                    throw;
                }
            }
        };
        await _relay.CreateAsync(_receiver.Url);
        _relay.Add("a");
        _relay.Add("b");

        await _receiver.WaitAsync(2);
        await cut.Task;

        Assert.Equal(["a", "b"], _receiver.Nodes());
    }

    [Fact]
    [Trait("Attack", "webhook-redirect")]
    public async Task Redirect_IsNotFollowedAndCountsAsAFailure()
    {
        _receiver.Answer = (context, _) =>
        {
            context.Response.Redirect("/inside", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        WebhookCreated webhook = await _relay.CreateAsync(_receiver.Url);
        _relay.Add("a");

        await _receiver.WaitAsync(2);

        Assert.All(_receiver.Received, delivery => Assert.Equal("/events", delivery.Path));
        WebhookView view = await Eventually.GetAsync(() => _relay.ReadAsync(webhook), v => v.Failures > 0, "a failure is noted");
        Assert.Equal((WebhookView.Retrying, 307), (view.State, view.LastDelivery?.Status));
    }

    private static string Sign(string secret, WebhookReceiver.Delivery delivery)
    {
        byte[] start = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{delivery.Id}.{delivery.Timestamp}."));
        byte[] signed = [.. start, .. delivery.Body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed));
    }
}
