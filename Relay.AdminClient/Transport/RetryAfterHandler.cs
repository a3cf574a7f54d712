using System.Net;

namespace Relay.AdminClient.Transport;

/// <summary>Waits and asks again where a relay asks for that with <c>Retry-After</c>: it did nothing for the request. A long wait is the user's
/// decision, so that such an answer is passed on.</summary>
internal sealed class RetryAfterHandler(HttpMessageHandler inner, TimeProvider timeProvider) : DelegatingHandler(inner)
{
    /// <summary>True for a request whose body can be read once.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsReadOnce = new("relay-read-once");

    private const int Attempts = 4;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int attempts = request.Options.TryGetValue(IsReadOnce, out bool isReadOnce) && isReadOnce ? 1 : Attempts;
        for (int attempt = 1; ; attempt++)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (attempt == attempts || FindWait(response) is not { } wait || wait > LongestWait)
            {
                return response;
            }

            response.Dispose();
            await Task.Delay(wait, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    // A date is meant by the relay's own clock, which the response states.
    private TimeSpan? FindWait(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict)
            || response.Headers.RetryAfter is not { } after)
        {
            return null;
        }

        TimeSpan? wait = after.Delta ?? (after.Date - (response.Headers.Date ?? timeProvider.GetUtcNow()));
        return wait is { } time && time > TimeSpan.Zero ? time : TimeSpan.Zero;
    }
}
