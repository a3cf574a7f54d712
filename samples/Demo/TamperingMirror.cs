using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Demo;

/// <summary>Stands between a node and the relay, holds the relay's own TLS certificate (the worst case), passes everything on and
/// alters what it is told to.</summary>
internal sealed class TamperingMirror : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _relay;
    private readonly ConcurrentDictionary<string, byte[]> _firstSeen = new();

    private TamperingMirror(WebApplication app, HttpClient relay)
    {
        _app = app;
        _relay = relay;
    }

    /// <summary>What becomes of a file on its way to the node: its path and its bytes give the bytes that are sent.</summary>
    public Func<string, byte[], byte[]> Alter { get; set; } = static (_, bytes) => bytes;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Starts on a free loopback port.</summary>
    /// <param name="relay">A client of the relay, with its address and its authority set.</param>
    public static async Task<TamperingMirror> StartAsync(HttpClient relay, X509Certificate2 certificate, CancellationToken cancel)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        TamperingMirror mirror = new(builder.Build(), relay);
        mirror._app.Run(mirror.PassOnAsync);
        await mirror._app.StartAsync(cancel);
        return mirror;
    }

    /// <summary>Keeps the files of this moment, so that they can be replayed later.</summary>
    public async Task RememberAsync(string path, CancellationToken cancel) => _firstSeen[path] = await _relay.GetByteArrayAsync(path, cancel);

    /// <summary>The bytes that <see cref="RememberAsync"/> kept of a path, or null.</summary>
    public byte[]? Remembered(string path) => _firstSeen.GetValueOrDefault(path);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task PassOnAsync(HttpContext context)
    {
        string path = context.Request.Path + context.Request.QueryString;
        using HttpRequestMessage request = new(new HttpMethod(context.Request.Method), path);
        if (context.Request.ContentLength > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        using HttpResponseMessage response = await _relay.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        if (response.StatusCode is HttpStatusCode.OK)
        {
            byte[] bytes = Alter(path, await response.Content.ReadAsByteArrayAsync(context.RequestAborted));
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }
}
