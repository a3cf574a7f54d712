using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Shared.Contracts.Api;
using Shared.Contracts.Nodes;

namespace Relay.TestKit.Trust;

/// <summary>Serves a repository over real HTTPS on a free loopback port, and misbehaves on the level of HTTP when told.</summary>
public sealed class RepositoryServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly MisbehavingRepository _repository;
    private readonly TemporaryFolder _folder = new();

    private RepositoryServer(WebApplication app, MisbehavingRepository repository, X509Certificate2 certificate)
    {
        (_app, _repository) = (app, repository);
        TlsRoot = _folder.Combine("tls.pem");
        File.WriteAllText(TlsRoot, certificate.ExportCertificatePem());
    }

    /// <summary>As a relay's; as that of a mirror too.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>The PEM file of the certificate to pin.</summary>
    public string TlsRoot { get; }

    /// <summary>Paths as in the repository, in the order of the requests, with the range that was asked for.</summary>
    public ConcurrentQueue<(string Path, string Range)> Requests { get; } = [];

    public ConcurrentQueue<CheckIn> CheckIns { get; } = [];

    /// <summary>Answers before the repository does; true when it did. Gets paths as in the repository.</summary>
    public Func<HttpContext, string, Task<bool>> Instead { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>The bodies of all check-ins, accepted or not.</summary>
    public ConcurrentQueue<byte[]> CheckInBodies { get; } = [];

    /// <summary>The uploads to datasets: path and lines.</summary>
    public ConcurrentQueue<(string Path, string Lines)> Uploads { get; } = [];

    /// <summary>The status and the JSON of the answer to an upload; by default a report that takes all lines.</summary>
    public Func<string, string, (int Status, string Json)> UploadAnswer { get; set; } = static (_, lines) => (
        StatusCodes.Status200OK,
        $$"""{"accepted":{{lines.Count(c => c == '\n')}},"duplicates":0,"refused":0,"faults":[],"position":1}""");

    /// <summary>The status that answers a check-in; its body is given.</summary>
    public Func<byte[], int> CheckInStatus { get; set; } = _ => StatusCodes.Status204NoContent;

    /// <summary>What this relay knows of nodes; null for a relay of a version without enrollment, which takes every request.</summary>
    public NodeAccess? Nodes { get; set; }

    /// <summary>The path before that of the relay, in the escaped form, that a proxy takes away.</summary>
    public string BasePath { get; set; } = "";

    /// <summary>Called with each request before anything else.</summary>
    public Action<HttpContext> Before { get; set; } = _ => { };

    /// <summary>The headers of all requests with a signature, by path.</summary>
    public ConcurrentQueue<(string Path, string Input)> Signed { get; } = [];

    public static async Task<RepositoryServer> StartAsync(MisbehavingRepository repository)
    {
        X509Certificate2 certificate = CreateCertificate();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        RepositoryServer server = new(builder.Build(), repository, certificate);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        const string prefix = "/v1/repository/";
        Before(http);
        IHttpRequestFeature request = http.Features.GetRequiredFeature<IHttpRequestFeature>();
        if (BasePath.Length > 0 && request.RawTarget.StartsWith(BasePath, StringComparison.Ordinal))
        {
            request.RawTarget = request.RawTarget[BasePath.Length..];
            request.Path = request.Path[Uri.UnescapeDataString(BasePath).Length..];
        }

        string path = http.Request.Path.Value!;
        if (http.Request.Headers.TryGetValue(RequestSignature.InputHeader, out StringValues input))
        {
            Signed.Enqueue((path, input.ToString()));
        }

        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        if (Nodes is { } nodes && await nodes.AnswerAsync(http, body.ToArray()))
        {
            return;
        }

        if (HttpMethods.IsPost(http.Request.Method))
        {
            await TakeAsync(http, path, body.ToArray());
            return;
        }

        string file = path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..] : path.TrimStart('/');
        Requests.Enqueue((file, http.Request.Headers.Range.ToString()));
        if (!await Instead(http, file))
        {
            await Answer(file).ExecuteAsync(http);
        }
    }

    private async Task TakeAsync(HttpContext http, string path, byte[] body)
    {
        if (path == Routes.Enroll)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (path.StartsWith(Routes.Datasets, StringComparison.Ordinal))
        {
            string lines = Encoding.UTF8.GetString(body);
            Uploads.Enqueue((path, lines));
            (http.Response.StatusCode, string answer) = UploadAnswer(path, lines);
            await http.Response.WriteAsync(answer);
            return;
        }

        CheckInBodies.Enqueue(body);
        http.Response.StatusCode = CheckInStatus(body);
        if (http.Response.StatusCode == StatusCodes.Status204NoContent)
        {
            CheckIns.Enqueue(JsonSerializer.Deserialize(body, RelayApiJson.Default.CheckIn)!);
        }
    }

    private IResult Answer(string file) => _repository.Open(file) switch
    {
        null => Results.NotFound(),
        EndlessStream endless => Results.Stream(endless),
        _ => Whole(_repository.Serve(file)!),
    };

    private static IResult Whole(byte[] bytes) => Results.Bytes(
        bytes, enableRangeProcessing: true,
        entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\""));

    internal static X509Certificate2 CreateCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        // A name of its own, so that a client that pins several finds the right one by its name.
        CertificateRequest request = new($"CN={Guid.NewGuid()}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
