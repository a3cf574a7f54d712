using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Webhooks;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Webhooks;

/// <summary>A receiver on loopback, which keeps what it receives and answers as a test says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Delivery> _received = new();

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>Answers each delivery; default: 204.</summary>
    public Func<HttpContext, int, Task> Answer { get; set; } = (context, _) => Respond(context, StatusCodes.Status204NoContent);

    public IReadOnlyList<Delivery> Received => [.. _received];

    public string Url { get; private set; } = "";

    public static async Task<WebhookReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        WebhookReceiver receiver = new(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        receiver.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/events";
        return receiver;
    }

    public static Task Respond(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        int number;
        lock (_received)
        {
            _received.Enqueue(new(
                context.Request.Path, context.Request.Headers[WebhookSignature.IdHeader]!,
                long.Parse(context.Request.Headers[WebhookSignature.TimestampHeader]!),
                context.Request.Headers[WebhookSignature.SignatureHeader]!, context.Request.ContentType!, body.ToArray()));
            number = _received.Count;
        }

        await Answer(context, number);
    }

    internal sealed record Delivery(string Path, string Id, long Timestamp, string Signature, string ContentType, byte[] Body)
    {
        public WebhookEvent Event => JsonSerializer.Deserialize(Body, RelayApiJson.Default.WebhookEvent)!;
    }
}
