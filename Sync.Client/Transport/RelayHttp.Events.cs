using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Shared.Contracts.Api;

namespace Sync.Client.Transport;

/// <content>The event stream.</content>
internal sealed partial class RelayHttp
{
    /// <summary>Opens the relay's event stream, by one attempt. A wait that the relay asks for concerns the stream alone.</summary>
    /// <param name="channel">The channel whose changed files the stream is to bring; an older relay does not.</param>
    /// <param name="known">The version of the timestamp that this node has; 0 for none.</param>
    public async Task<EventResponse> OpenEventsAsync(string channel, long known, CancellationToken cancellationToken)
    {
        if (Connect(Routes.Events)?.Refusal is { } unusable)
        {
            return new(EventAnswer.Failed, unusable.Detail);
        }

        if (_pause.Left is var pause && pause > TimeSpan.Zero)
        {
            return new(EventAnswer.Busy, "the relay asked for no request (Retry-After)") { Wait = pause };
        }

        using CancellationTokenSource late = new(_budgets.SlowBodyGrace, _timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using HttpRequestMessage request = CreateRequest(HttpMethod.Get, $"{Routes.Events}?{RelayEvents.ChannelParameter}={channel}");
        request.Headers.Accept.Add(new(EventStreamType));
        if (known > 0)
        {
            request.Headers.Add("Last-Event-ID", known.ToString(CultureInfo.InvariantCulture));
        }

        try
        {
            return Classify(await _http!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(EventAnswer.Failed, late.IsCancellationRequested
                ? $"no answer in {_budgets.SlowBodyGrace}"
                : $"no connection: {e.InnerException?.Message ?? e.Message}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TransientRequestException)
        {
            return new(EventAnswer.Failed, e.InnerException?.Message ?? e.Message);
        }
    }

    private static TimeSpan ReadPace(HttpResponseHeaders headers) =>
        headers.TryGetValues(RelayEvents.PollSecondsHeader, out IEnumerable<string>? values)
            && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;

    private EventResponse Classify(HttpResponseMessage response)
    {
        HttpContentHeaders content = response.Content.Headers;
        if (response.StatusCode is HttpStatusCode.OK && content.ContentType?.MediaType == EventStreamType && content.ContentEncoding.Count == 0)
        {
            return new(EventAnswer.Open, "") { Message = response };
        }

        using HttpResponseMessage refused = response;
        ServerPause asked = new(_timeProvider);
        asked.Begin(response.Headers);
        string status = $"status {(int)response.StatusCode}";
        return response.StatusCode switch
        {
            HttpStatusCode.OK => new(EventAnswer.Failed, $"the answer is no {EventStreamType}"),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new(EventAnswer.NotOffered, status),
            _ when asked.Left > TimeSpan.Zero => new(EventAnswer.Busy, status) { Wait = asked.Left },
            _ => new(EventAnswer.Failed, status),
        };
    }
}
