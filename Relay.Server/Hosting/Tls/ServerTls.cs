using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relay.Server.Hosting.Tls;

/// <summary>What Kestrel presents: looked at again twice a day, so that a certificate is renewed without a restart.</summary>
internal sealed partial class ServerTls : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(12);

    private readonly RelayOptions _options;
    private readonly DevelopmentCa _authority;
    private readonly ILogger<ServerTls> _log;
    private volatile SslServerAuthenticationOptions _current;

    public ServerTls(RelayOptions options, DevelopmentCa authority, ILogger<ServerTls> log)
    {
        _options = options;
        _authority = authority;
        _log = log;
        _current = Load();
    }

    public SslServerAuthenticationOptions Current => _current;

    public DateTimeOffset ValidUntil => _current.ServerCertificateContext!.TargetCertificate.NotAfter;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, _options.Time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                _current = Load();
            }
            catch (Exception e) when (e is RelayStartException or IOException or CryptographicException)
            {
                LogKept(e);
            }
        }
    }

    private SslServerAuthenticationOptions Load()
    {
        (X509Certificate2 certificate, X509Certificate2Collection? chain) = _options.CertificateFile is { } file
            ? LoadConfigured(file)
            : (_authority.ServerCertificate(Names()), null);

        // SChannel takes no key that lives in memory only.
        X509Certificate2 usable = OperatingSystem.IsWindows()
            ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null)
            : certificate;
        LogPresented(usable.Subject, usable.NotAfter.ToUniversalTime());
        return new SslServerAuthenticationOptions
        {
            // offline: never ask the network for missing links of the chain, during a handshake least of all.
            ServerCertificateContext = SslStreamCertificateContext.Create(usable, chain, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
    }

    private (X509Certificate2 Certificate, X509Certificate2Collection Chain) LoadConfigured(string file)
    {
        try
        {
            X509Certificate2Collection chain = [];
            chain.ImportFromPemFile(file);
            return (X509Certificate2.CreateFromPemFile(file, _options.CertificateKeyFile), chain);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new RelayStartException(
                $"Cannot use the certificate '{file}': {e.Message} "
                + "Give a PEM chain by --certificate and its unencrypted PEM key by --certificate-key.", e);
        }
    }

    private HashSet<string> Names() =>
        new(["localhost", "127.0.0.1", "::1", Environment.MachineName, .. _options.Names], StringComparer.OrdinalIgnoreCase);

    [LoggerMessage(1100, LogLevel.Debug, "TLS certificate {Subject}, valid until {NotAfter:u}")]
    private partial void LogPresented(string subject, DateTime notAfter);

    [LoggerMessage(1101, LogLevel.Error, "The TLS certificate cannot be loaded again; the one in use stays")]
    private partial void LogKept(Exception exception);
}
