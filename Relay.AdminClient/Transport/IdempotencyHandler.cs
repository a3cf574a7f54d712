using Shared.Contracts.Api;

namespace Relay.AdminClient.Transport;

/// <summary>Gives each change an idempotency key, and sends it again when the connection breaks before the answer: the relay makes it once.</summary>
internal sealed class IdempotencyHandler(HttpMessageHandler inner, TimeProvider timeProvider) : DelegatingHandler(inner)
{
    private const int Attempts = 3;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(500);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A stream can be read once.
        if (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Content is StreamContent)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        request.Headers.TryAddWithoutValidation(Routes.IdempotencyKeyHeader, $"{Guid.NewGuid()}");
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException broken) when (attempt < Attempts && IsOfTheConnection(broken))
            {
                await Task.Delay(Wait * attempt, timeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // An answer may be lost with the connection. A relay that cannot be reached, or is not trusted, has done nothing: the user hears of it at once.
    private static bool IsOfTheConnection(HttpRequestException broken) =>
        broken.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.Unknown or HttpRequestError.InvalidResponse;
}
