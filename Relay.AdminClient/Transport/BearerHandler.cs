using System.Net.Http.Headers;

namespace Relay.AdminClient.Transport;

/// <summary>Sends a token with each request, and asks for it anew each time: tokens of pipelines live for minutes.</summary>
internal sealed class BearerHandler(HttpMessageHandler inner, Func<CancellationToken, ValueTask<string?>> token) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (await token(cancellationToken).ConfigureAwait(false) is { } current)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", current);
        }

        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
