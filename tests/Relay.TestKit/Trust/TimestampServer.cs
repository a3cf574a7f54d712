using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Relay.TestKit.Trust;

/// <summary>A time-stamp authority on loopback: every answer is made by <c>openssl ts</c>, at the time of the machine.</summary>
public sealed class TimestampServer : IAsyncDisposable
{
    private const string Configuration = """
        [tsa]
        default_tsa = relay_test
        [relay_test]
        serial = serial
        signer_digest = sha256
        digests = sha256
        default_policy = 1.3.6.1.4.1.99999.1
        accuracy = secs:1
        ess_cert_id_alg = sha256
        """;

    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder = new();
    private readonly SemaphoreSlim _one = new(1, 1);

    private TimestampServer(WebApplication app, X509Certificate2 root, X509Certificate2 signer, string signerKey)
    {
        _app = app;
        Root = root;
        AnchorsFile = _folder.Combine("tsa-root.pem");
        File.WriteAllText(AnchorsFile, root.ExportCertificatePem() + "\n");
        File.WriteAllText(_folder.Combine("tsa.pem"), signer.ExportCertificatePem());
        File.WriteAllText(_folder.Combine("tsa-key.pem"), signerKey);
        File.WriteAllText(_folder.Combine("tsa.cnf"), Configuration);
        File.WriteAllText(_folder.Combine("serial"), "01\n");
    }

    public Uri Address => new(_app.Urls.Single());

    public X509Certificate2 Root { get; }

    /// <summary>PEM of <see cref="Root"/>.</summary>
    public string AnchorsFile { get; }

    /// <summary>Answers that were asked for, failures included.</summary>
    public int Requests { get; private set; }

    /// <summary>How many of the next requests to answer with a failure.</summary>
    public int Failures { get; set; }

    /// <summary>Answers in place of OpenSSL when set.</summary>
    public byte[]? Instead { get; set; }

    public static async Task<TimestampServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();

        // Clocks of tests stand in other years than the machine's, by which OpenSSL goes.
        DateTimeOffset from = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest authority = new("CN=Test time stamping root", rootKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        X509Certificate2 root = authority.CreateSelfSigned(from, from.AddYears(50));
        CertificateRequest request = new("CN=Test time stamping", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.8")], true));
        X509Certificate2 signer = request.Create(root, from, from.AddYears(49), [1]);

        TimestampServer server = new(app, root, signer, key.ExportPkcs8PrivateKeyPem());
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
        _one.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        await _one.WaitAsync(http.RequestAborted);
        try
        {
            Requests++;
            if (Failures > 0 || http.Request.ContentType != "application/timestamp-query")
            {
                Failures--;
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            http.Response.ContentType = "application/timestamp-reply";
            await http.Response.Body.WriteAsync(Instead ?? await ReplyAsync(http.Request.Body));
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<byte[]> ReplyAsync(Stream query)
    {
        using (FileStream file = File.Create(_folder.Combine("query.tsq")))
        {
            await query.CopyToAsync(file);
        }

        CommandRun run = await OpenSsl.RunAsync(
            _folder.FullPath, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-signer", "tsa.pem",
            "-inkey", "tsa-key.pem");
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException(run.Errors);
    }
}
