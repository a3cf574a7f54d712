using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Storage;
using Relay.Server.Workers;

namespace Relay.Server.Http.Tls;

/// <summary>The TLS options of Kestrel. A certificate of the operator is loaded again when its files change, and one of the relay's own
/// authority is renewed twice a day, without a restart.</summary>
internal sealed partial class ServerTls : RelayWorker
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OwnInterval = TimeSpan.FromHours(12);

    private readonly ServerTlsOptions _options;
    private readonly DevelopmentCa _authority;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<ServerTls> _log;
    private volatile SslServerAuthenticationOptions _current;
    private string? _loadedFiles;
    private long _loadedAt;
    private bool _isFailing;

    public ServerTls(ServerTlsOptions options, DevelopmentCa authority, TimeProvider timeProvider, ILogger<ServerTls> log)
    {
        _options = options;
        _authority = authority;
        _timeProvider = timeProvider;
        _log = log;
        _loadedFiles = DigestFiles();
        _loadedAt = timeProvider.GetTimestamp();
        _current = Load();
    }

    public SslServerAuthenticationOptions Current => _current;

    /// <summary>True where the relay issued the certificate itself.</summary>
    public bool IsOfOwnAuthority => _options.CertificateFile is null;

    public DateTimeOffset ValidUntil => _current.ServerCertificateContext!.TargetCertificate.NotAfter;

    /// <summary>The certificate that clients pin, in PEM: that of the relay's own authority, or the self-signed one of the operator's chain;
    /// null where the chain ends before one.</summary>
    public string? AuthorityPem()
    {
        if (_options.CertificateFile is not { } file)
        {
            return File.ReadAllText(_authority.CertificateFile);
        }

        return LoadConfigured(file).Chain
            .LastOrDefault(certificate => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))
            ?.ExportCertificatePem();
    }

    /// <summary>Loads the certificate again at once, because an operator asks for it.</summary>
    public void Reload()
    {
        _loadedFiles = null;
        ReloadIfChanged();
        LogReloadAsked(ValidUntil.ToUniversalTime());
    }

    /// <summary>Loads the certificate again when its files have changed. One that cannot be used is logged once, and the one in use stays.</summary>
    internal void ReloadIfChanged()
    {
        try
        {
            string? files = DigestFiles();
            bool isDue = _options.CertificateFile is null
                ? _timeProvider.GetElapsedTime(_loadedAt) >= OwnInterval
                : files != _loadedFiles;
            if (isDue)
            {
                (_loadedFiles, _loadedAt) = (files, _timeProvider.GetTimestamp());
                _current = Load();
            }

            _isFailing = false;
        }
        catch (Exception e)
        {
            if (!_isFailing)
            {
                LogReloadFailed(e);
            }

            _isFailing = true;
        }
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, _timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            ReloadIfChanged();
        }
    }

    // The bytes and not the times: a mounted secret is a chain of links, and a copy may keep its time. A file that is missing for a moment
    // is the same as one that has not changed.
    private string? DigestFiles()
    {
        if (_options.CertificateFile is not { } file)
        {
            return null;
        }

        string[] files = _options.CertificateKeyFile is { } key ? [file, key] : [file];
        return files.All(File.Exists)
            ? Convert.ToHexStringLower(SHA256.HashData([.. files.SelectMany(File.ReadAllBytes)]))
            : _loadedFiles;
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
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
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

    [LoggerMessage(1102, LogLevel.Information, "SIGHUP: the TLS certificate was read again; the one in use is valid until {NotAfter:u}")]
    private partial void LogReloadAsked(DateTimeOffset notAfter);

    [LoggerMessage(1101, LogLevel.Error, "The relay cannot load its TLS certificate again and keeps the one in use")]
    private partial void LogReloadFailed(Exception exception);
}
