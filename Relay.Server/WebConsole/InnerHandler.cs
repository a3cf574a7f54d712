using Relay.Server.Http.Access;

namespace Relay.Server.WebConsole;

/// <summary>Sends requests to the relay's own API without a connection: they pass the same checks, and are entered into the audit log.</summary>
internal sealed class InnerHandler(InnerPipeline pipeline, IHttpContextFactory contexts, ConsoleCaller caller, HttpContext browser)
    : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Stream? body = request.Content is { } content ? await content.ReadAsStreamAsync(cancellationToken) : null;
        IEnumerable<KeyValuePair<string, IEnumerable<string>>> ofBody = request.Content?.Headers.AsEnumerable() ?? [];
        InnerRequest inner = new(
            request.Method, request.RequestUri!.PathAndQuery, body, request.Headers.Concat(ofBody), caller, browser, cancellationToken);
        using InnerResponse response = new(inner.Features);
        HttpContext context = contexts.Create(inner.Features);
        try
        {
            await pipeline.Next(context);
            return await response.FinishAsync(request);
        }
        finally
        {
            contexts.Dispose(context);
        }
    }
}
