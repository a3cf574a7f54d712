using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Relay.TestKit.Trust;

namespace Relay.TestKit.ObjectStores;

/// <summary>A store in memory that speaks as much of S3 as the relay uses, in one bucket, and fails where a test says so. It checks no
/// signatures.</summary>
public sealed class FakeObjectStore : IAsyncDisposable
{
    public const string Bucket = "models";

    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder = new();
    private readonly Lock _gate = new();

    // No MD5 of the bytes: the SDK would compare it.
    private int _tags;

    private FakeObjectStore(WebApplication app, X509Certificate2? certificate)
    {
        _app = app;
        TlsRoot = certificate is null ? null : _folder.Combine("tls.pem");
        if (certificate is not null)
        {
            File.WriteAllText(TlsRoot!, certificate.ExportCertificatePem());
        }
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The PEM file of the certificate to pin; null over http.</summary>
    public string? TlsRoot { get; }

    public ConcurrentDictionary<string, FakeObject> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Method and key of each request, in order.</summary>
    public ConcurrentQueue<(string Method, string Key)> Requests { get; } = [];

    /// <summary>All headers of each request, in order.</summary>
    public ConcurrentQueue<string> Headers { get; } = [];

    /// <summary>Answers before the store does; true when it did.</summary>
    public Func<HttpContext, string, Task<bool>> Instead { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Called with each object that is written, and gives the bytes that are kept.</summary>
    public Func<string, byte[], byte[]> Keep { get; set; } = (_, content) => content;

    /// <summary>False: answers 501 to a condition on a tag.</summary>
    public bool KnowsIfMatch { get; set; } = true;

    /// <summary>Called after a write and before its answer.</summary>
    public Action<HttpContext, string> AfterWrite { get; set; } = (_, _) => { };

    public static Task<FakeObjectStore> StartAsync(bool https = false) => StartAsync(https ? RepositoryServer.CreateCertificate() : null);

    /// <param name="certificate">With its key; null for http.</param>
    public static async Task<FakeObjectStore> StartAsync(X509Certificate2? certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        FakeObjectStore store = new(builder.Build(), certificate);
        store._app.Run(store.AnswerAsync);
        await store._app.StartAsync();
        return store;
    }

    /// <summary>It does not answer any more.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>Puts an object there as another program does.</summary>
    public void Put(string key, byte[] content)
    {
        lock (_gate)
        {
            Objects[key] = new(content, $"\"{++_tags:x32}-1\"", "application/octet-stream", "");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        string key = http.Request.Path.Value![$"/{Bucket}".Length..].TrimStart('/');
        Requests.Enqueue((http.Request.Method, key));
        Headers.Enqueue(string.Join('\n', http.Request.Headers.Select(header => $"{header.Key}: {header.Value}")));
        if (await Instead(http, key))
        {
            return;
        }

        if (!http.Request.Path.StartsWithSegments($"/{Bucket}"))
        {
            await RefuseAsync(http, StatusCodes.Status404NotFound, "NoSuchBucket");
        }
        else if (key.Length == 0)
        {
            await ListAsync(http);
        }
        else if (HttpMethods.IsPut(http.Request.Method))
        {
            await WriteAsync(http, key);
        }
        else if (HttpMethods.IsDelete(http.Request.Method))
        {
            Objects.TryRemove(key, out _);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else if (Objects.TryGetValue(key, out FakeObject? found))
        {
            http.Response.Headers.ETag = found.EntityTag;
            http.Response.Headers.CacheControl = found.CacheControl;
            await Results.Bytes(found.Content, found.ContentType, enableRangeProcessing: true).ExecuteAsync(http);
        }
        else
        {
            await RefuseAsync(http, StatusCodes.Status404NotFound, "NoSuchKey");
        }
    }

    private async Task WriteAsync(HttpContext http, string key)
    {
        string ifMatch = http.Request.Headers.IfMatch.ToString();
        if (ifMatch.Length > 0 && !KnowsIfMatch)
        {
            await RefuseAsync(http, StatusCodes.Status501NotImplemented, "NotImplemented");
            return;
        }

        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        byte[] content = body.ToArray();
        if (http.Request.Headers["x-amz-content-sha256"] != Convert.ToHexStringLower(SHA256.HashData(content)))
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "XAmzContentSHA256Mismatch");
            return;
        }

        bool isRefused;
        lock (_gate)
        {
            FakeObject? before = Objects.GetValueOrDefault(key);
            isRefused = (http.Request.Headers.IfNoneMatch == "*" && before is not null) || (ifMatch.Length > 0 && before?.EntityTag != ifMatch);
            if (!isRefused)
            {
                Objects[key] = new(
                    Keep(key, content), $"\"{++_tags:x32}-1\"", http.Request.ContentType ?? "", http.Request.Headers.CacheControl.ToString());
            }
        }

        if (isRefused)
        {
            await RefuseAsync(http, StatusCodes.Status412PreconditionFailed, "PreconditionFailed");
            return;
        }

        http.Response.Headers.ETag = Objects[key].EntityTag;
        AfterWrite(http, key);
    }

    private Task ListAsync(HttpContext http)
    {
        string prefix = http.Request.Query["prefix"].ToString();
        string after = http.Request.Query["continuation-token"].ToString();
        return Results.Text(
            FakeListing.Write(Bucket, Objects.Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal)), after), "application/xml")
            .ExecuteAsync(http);
    }

    private static Task RefuseAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        return http.Response.WriteAsync(new XElement("Error", new XElement("Code", code), new XElement("Message", code)).ToString());
    }
}
