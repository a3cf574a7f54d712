using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Relay.Server.Webhooks;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Webhooks;

/// <summary>Where deliveries may go, and how long the relay tries.</summary>
public sealed class WebhookLimitTests
{
    /// <summary>A name that resolves to loopback, as one does whose owner changed its address after it was registered.</summary>
    [Fact]
    [Trait("Attack", "webhook-private-address")]
    public async Task NameOfAPrivateAddress_IsNotConnectedTo()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using TestRelay relay = await WebhookRelay.StartAsync(WebhookRelay.Quick with
        {
            AllowsPrivate = false,
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("10.0.0.1"), IPAddress.Parse("::ffff:127.0.0.1")]),
        });
        WebhookCreated webhook = await relay.CreateAsync($"https://receiver.example:{new Uri(receiver.Url).Port}/");
        relay.Add("a");

        WebhookView view = await Eventually.GetAsync(() => relay.ReadAsync(webhook), v => v.Failures > 0, "a failure is noted");

        Assert.Empty(receiver.Received);
        Assert.Contains("--webhook-private", view.LastDelivery?.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "webhook-private-address")]
    public void PlainHttpToAnotherMachine_IsNotConnectedTo()
    {
        WebhookConnections connections = new(new WebhookSettings { AllowsPrivate = true });

        Assert.True(connections.IsAllowed(IPAddress.Parse("127.0.0.1"), isPlain: true));
        Assert.True(connections.IsAllowed(IPAddress.Parse("10.0.0.1"), isPlain: false));
        Assert.False(connections.IsAllowed(IPAddress.Parse("10.0.0.1"), isPlain: true));
        Assert.False(connections.IsAllowed(IPAddress.Parse("8.8.8.8"), isPlain: true));
    }

    [Theory]
    [Trait("Attack", "webhook-private-address")]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("127.8.8.8", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:0:0:1::", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fe80::1%1", false)]
    [InlineData("ff02::1", false)]
    public void PublicAddresses_AreThoseOfTheInternet(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddresses.Contains(IPAddress.Parse(address)));

    [Fact]
    public async Task NoDeliveryForADay_PausesTheWebhook()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (context, _) => WebhookReceiver.Respond(context, StatusCodes.Status503ServiceUnavailable);
        await using TestRelay relay = await WebhookRelay.StartAsync(WebhookRelay.Quick with { GiveUpAfter = TimeSpan.FromMilliseconds(50) });
        WebhookCreated webhook = await relay.CreateAsync(receiver.Url);
        relay.Add("a");

        WebhookView view = await Eventually.GetAsync(
            () => relay.ReadAsync(webhook), v => v.State == WebhookView.Failing, "the webhook is failing");

        Assert.Equal((1, 503), (view.Waiting, view.LastDelivery?.Status));
        Assert.InRange(view.Failures, 2, int.MaxValue);
    }

    [Fact]
    public async Task Gone_PausesTheWebhookAtOnceAndEntersItIntoTheAuditLog()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (context, number) => WebhookReceiver.Respond(context, number == 1 ? 410 : 200);
        await using TestRelay relay = await WebhookRelay.StartAsync();
        WebhookCreated webhook = await relay.CreateAsync(receiver.Url);
        relay.Add("a");

        WebhookView view = await Eventually.GetAsync(
            () => relay.ReadAsync(webhook), v => v.State == WebhookView.Failing, "the webhook is failing");

        Assert.Equal((1, null), (view.Waiting, view.NextAttemptAt));
        Assert.Contains("webhook paused", await relay.Admin.GetStringAsync($"{Routes.Audit}?action=webhook paused"), StringComparison.Ordinal);
        await relay.PostAsync(webhook, "resume");
        await receiver.WaitAsync(2);
        Assert.Equal(["a", "a"], receiver.Nodes());
    }

    [Fact]
    public async Task NoAnswer_EndsAfterTheTimeoutAndIsTriedAgain()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (context, number) => number == 1 ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask;
        await using TestRelay relay = await WebhookRelay.StartAsync(WebhookRelay.Quick with { Timeout = TimeSpan.FromMilliseconds(200) });
        await relay.CreateAsync(receiver.Url);
        relay.Add("a");

        await receiver.WaitAsync(2);

        Assert.Equal(["a", "a"], receiver.Nodes().Take(2));
    }

    [Fact]
    public void Pause_DoublesUpToAnHourAndKeepsToTheReceiversWish()
    {
        WebhookPosition position = new(null!, new WebhookSettings(), TimeProvider.System);

        Assert.InRange(position.Pause(0, null).TotalSeconds, 2.5, 5);
        Assert.InRange(position.Pause(3, null).TotalSeconds, 20, 40);
        Assert.InRange(position.Pause(500, null).TotalMinutes, 30, 60);
        Assert.Equal(600, position.Pause(0, TimeSpan.FromMinutes(10)).TotalSeconds);
        Assert.Equal(1, position.Pause(0, TimeSpan.FromDays(9)).TotalHours);
    }

    /// <summary>The example of the reference libraries of Standard Webhooks.</summary>
    [Fact]
    public void Signature_IsThatOfStandardWebhooks() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Create(
            Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
            Encoding.UTF8.GetBytes("""{"test": 2432232314}""")));
}
