using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Events;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Events;

/// <summary>An open event stream of a relay, read by the platform's own parser.</summary>
internal sealed class EventConnection : IAsyncDisposable
{
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private EventConnection(HttpResponseMessage response, Stream body)
    {
        Response = response;
        Parser = SseParser.Create(body);
        _events = Parser.EnumerateAsync().GetAsyncEnumerator();
    }

    public HttpResponseMessage Response { get; }

    public SseParser<string> Parser { get; }

    public static Task<HttpResponseMessage> RequestAsync(
        HttpClient client, string? lastEventId = null, string? forwardedFor = null, string? channel = null)
    {
        string query = channel is null ? "" : $"?{RelayEvents.ChannelParameter}={channel}";
        HttpRequestMessage request = new(HttpMethod.Get, Routes.Events + query) { Version = HttpVersion.Version20 };
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        if (forwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        }

        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public static async Task<EventConnection> OpenAsync(
        HttpClient client, string? lastEventId = null, string? forwardedFor = null, string? channel = null)
    {
        HttpResponseMessage response = (await RequestAsync(client, lastEventId, forwardedFor, channel)).EnsureSuccessStatusCode();
        return new EventConnection(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The version of the timestamp that the relay serves now.</summary>
    public static long CurrentVersion(TestRelay relay)
    {
        using System.Text.Json.JsonDocument timestamp = System.Text.Json.JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(relay.DataFolder, "repository", "metadata", "timestamp.json")));
        return timestamp.RootElement.GetProperty("signed").GetProperty("version").GetInt64();
    }

    /// <summary>The same, once the event streams have it: they learn of a change by another process within a second.</summary>
    public static async Task<long> SettledVersionAsync(TestRelay relay)
    {
        EventStreams streams = relay.Services.GetRequiredService<EventStreams>();
        await Eventually.TrueAsync(() => streams.Current?.Version == CurrentVersion(relay), "the event streams have the current timestamp");
        return CurrentVersion(relay);
    }

    public static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<SseItem<string>?> NextAsync() =>
        await _events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1)) ? _events.Current : null;

    public async ValueTask DisposeAsync()
    {
        Response.Dispose();
        try
        {
            await _events.DisposeAsync();
        }
        catch (NotSupportedException)
        {
            // A read is still open; the response is closed, which ends it.
        }
    }
}
