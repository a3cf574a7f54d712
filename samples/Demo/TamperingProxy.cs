using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Nodes;

namespace Demo;

/// <summary>A reverse proxy between a node and the relay that alters the files it forwards. It has the relay's own TLS certificate:
/// the worst case, in which only signatures protect the node.</summary>
internal sealed class TamperingProxy : IAsyncDisposable
{
    private static readonly string[] SignatureHeaders = [RequestSignature.InputHeader, RequestSignature.SignatureHeader, ContentDigest.Header];

    private readonly WebApplication _app;
    private readonly HttpClient _relay;
    private readonly ConcurrentDictionary<string, byte[]> _recorded = new();

    private TamperingProxy(WebApplication app, HttpClient relay)
    {
        _app = app;
        _relay = relay;
    }

    /// <summary>Maps the path and the bytes of a file to the bytes that the node receives.</summary>
    public Func<string, byte[], byte[]> Alter { get; set; } = static (_, bytes) => bytes;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Starts on a free loopback port.</summary>
    /// <param name="relay">A client of the relay, with its address and its authority set.</param>
    public static async Task<TamperingProxy> StartAsync(HttpClient relay, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        TamperingProxy proxy = new(builder.Build(), relay);
        proxy._app.Run(proxy.ForwardAsync);
        await proxy._app.StartAsync(cancellationToken);
        return proxy;
    }

    /// <summary>Records the current bytes of a path, so that they can be replayed later.</summary>
    /// <param name="key">An API key of the relay.</param>
    public async Task RecordAsync(string path, string key, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using HttpResponseMessage response = await _relay.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        _recorded[path] = await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    /// <summary>The bytes that <see cref="RecordAsync"/> recorded for a path, or null.</summary>
    public byte[]? Recorded(string path) => _recorded.GetValueOrDefault(path);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ForwardAsync(HttpContext context)
    {
        string path = context.Request.Path + context.Request.QueryString;
        using HttpRequestMessage request = new(new HttpMethod(context.Request.Method), path);
        if (context.Request.ContentLength > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        foreach (string header in SignatureHeaders)
        {
            request.Headers.TryAddWithoutValidation(header, (IEnumerable<string>)context.Request.Headers[header]);
        }

        using HttpResponseMessage response = await _relay.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        byte[] bytes = await response.Content.ReadAsByteArrayAsync(context.RequestAborted);
        if (bytes.Length > 0)
        {
            bytes = response.StatusCode is HttpStatusCode.OK ? Alter(path, bytes) : bytes;
            context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }
}
