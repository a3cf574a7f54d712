using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Storage;

namespace Relay.Server.Http.Tls;

/// <summary>The TLS options of Kestrel, loaded again twice a day, so that a certificate is renewed without a restart.</summary>
internal sealed partial class ServerTls : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(12);

    private readonly ServerTlsOptions _options;
    private readonly DevelopmentCa _authority;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<ServerTls> _log;
    private volatile SslServerAuthenticationOptions _current;

    public ServerTls(ServerTlsOptions options, DevelopmentCa authority, TimeProvider timeProvider, ILogger<ServerTls> log)
    {
        _options = options;
        _authority = authority;
        _timeProvider = timeProvider;
        _log = log;
        _current = Load();
    }

    public SslServerAuthenticationOptions Current => _current;

    public DateTimeOffset ValidUntil => _current.ServerCertificateContext!.TargetCertificate.NotAfter;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, _timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                _current = Load();
            }
            catch (Exception e) when (e is RelayStartException or IOException or CryptographicException)
            {
                LogReloadFailed(e);
            }
        }
    }

    private SslServerAuthenticationOptions Load()
    {
        (X509Certificate2 certificate, X509Certificate2Collection? chain) = _options.CertificateFile is { } file
            ? LoadConfigured(file)
            : (_authority.ServerCertificate(Names()), null);

        // SChannel does not accept an ephemeral key.
        X509Certificate2 usable = OperatingSystem.IsWindows()
            ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null)
            : certificate;
        LogPresented(usable.Subject, usable.NotAfter.ToUniversalTime());
        return new SslServerAuthenticationOptions
        {
            // offline: a handshake never fetches missing certificates of the chain.
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

    [LoggerMessage(1101, LogLevel.Error, "The relay cannot load its TLS certificate again and keeps the one in use")]
    private partial void LogReloadFailed(Exception exception);
}
