namespace Benchmarks.WebConsole;

/// <summary>Keeps the cookie of a session of the console.</summary>
internal sealed class SessionHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private string? _cookie;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_cookie is not null)
        {
            request.Headers.Add("Cookie", _cookie);
        }

        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? set))
        {
            _cookie = set.First().Split(';')[0];
        }

        return response;
    }
}
