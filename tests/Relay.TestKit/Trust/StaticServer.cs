using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Relay.TestKit.Trust;

/// <summary>Any static file server: a folder over HTTPS on a free loopback port, and nothing that knows of relays.</summary>
public sealed class StaticServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder = new();

    private StaticServer(WebApplication app, X509Certificate2 certificate)
    {
        _app = app;
        TlsRoot = _folder.Combine("tls.pem");
        File.WriteAllText(TlsRoot, certificate.ExportCertificatePem());
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The PEM file of the certificate to pin.</summary>
    public string TlsRoot { get; }

    public static async Task<StaticServer> StartAsync(string folder)
    {
        X509Certificate2 certificate = RepositoryServer.CreateCertificate();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        WebApplication app = builder.Build();
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(folder),
            ServeUnknownFileTypes = true,
        });
        await app.StartAsync();
        return new(app, certificate);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
