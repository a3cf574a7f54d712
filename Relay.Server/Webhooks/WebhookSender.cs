using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Webhooks;

/// <summary>Sends an event to a receiver, signed. Anything but a status of 2xx within the time-out counts as not delivered; redirects are not
/// followed, and what the receiver answers is not used.</summary>
internal sealed class WebhookSender : IDisposable
{
    private const int MaximumAnswer = 4096;
    private const int MaximumHeaderKibibytes = 4;
    private const int MaximumError = 300;

    private readonly WebhookSettings _settings;
    private readonly TimeProvider _timeProvider;
    private readonly HttpClient _http;

    public WebhookSender(WebhookSettings settings, TimeProvider timeProvider)
    {
        (_settings, _timeProvider) = (settings, timeProvider);
        _http = new HttpClient(new SocketsHttpHandler
        {
            // A proxy would resolve the name itself, and reach what this relay refuses.
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = new WebhookConnections(settings).ConnectAsync,
            MaxResponseHeadersLength = MaximumHeaderKibibytes,
            MaxResponseDrainSize = MaximumAnswer,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public async Task<WebhookAttempt> SendAsync(StoredWebhook webhook, WebhookEvent sent, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(_settings.Timeout);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using HttpRequestMessage request = CreateRequest(webhook, sent);

            // Disposed unread: the handler reads the rest of a small answer, and closes the connection of a large one.
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return new((int)response.StatusCode, FindError(response))
            {
                RetryAfter = response.Headers.RetryAfter?.Delta,
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, string.Create(CultureInfo.InvariantCulture, $"no answer within {_settings.Timeout.TotalSeconds:0.##} s"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            string reason = e is HttpRequestException { InnerException: WebhookAddressException refused } ? refused.Message : e.Message;
            return new(null, DisplayText.Escape(reason, MaximumError));
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage CreateRequest(StoredWebhook webhook, WebhookEvent sent)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(sent, RelayApiJson.Default.WebhookEvent);
        long timestamp = _timeProvider.GetUtcNow().ToUnixTimeSeconds();
        HttpRequestMessage request = new(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(WebhookEvent.ContentType, "utf-8");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Relay", null));
        request.Headers.Add(WebhookSignature.IdHeader, sent.Id);
        request.Headers.Add(WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Create(webhook.Secret, sent.Id, timestamp, body));
        return request;
    }

    private static string? FindError(HttpResponseMessage response) => (int)response.StatusCode switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => "it answered with a redirect, which is not followed",
        StatusCodes.Status410Gone => "it answered 410: it asks for no more events",
        var status => string.Create(CultureInfo.InvariantCulture, $"it answered {status}"),
    };
}
