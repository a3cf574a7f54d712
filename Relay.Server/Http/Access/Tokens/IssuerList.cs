using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Storage;

namespace Relay.Server.Http.Access.Tokens;

/// <summary>The issuers that the relay trusts, with their keys. The file of them is read at the start, and when an operator asks for it.</summary>
internal sealed partial class IssuerList
{
    private readonly IdentitySettings _settings;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<IssuerList> _log;
    private volatile IReadOnlyDictionary<string, KnownIssuer> _current;

    public IssuerList(IdentitySettings settings, TimeProvider timeProvider, ILogger<IssuerList> log)
    {
        (_settings, _timeProvider, _log) = (settings, timeProvider, log);
        _current = new Dictionary<string, KnownIssuer>();
        _current = Create(settings.Issuers);
    }

    /// <summary>True where the relay accepts no tokens.</summary>
    public bool IsEmpty => _current.Count == 0;

    /// <summary>The issuers at which people sign in to the console, by name.</summary>
    public IReadOnlyList<KnownIssuer> SignIns =>
        [.. _current.Values.Where(issuer => issuer.Trust.SignIn is not null).OrderBy(issuer => issuer.Trust.SignIn!.Name, StringComparer.Ordinal)];

    /// <param name="address">Null: a token has <c>null</c> there.</param>
    public KnownIssuer? Find(string? address) => address is null ? null : _current.GetValueOrDefault(address);

    /// <summary>Reads the file again. One that cannot be used is logged with all its errors, and what is in use stays.</summary>
    public void Reload()
    {
        if (_settings.File is not { } file)
        {
            return;
        }

        try
        {
            _current = Create(IdentityFile.Read(file));
            LogReloaded(file, _current.Count);
        }
        catch (RelayStartException e)
        {
            LogReloadFailed(e.Message);
        }
    }

    private Dictionary<string, KnownIssuer> Create(IReadOnlyList<TrustedIssuer> issuers) => issuers.ToDictionary(
        issuer => issuer.Address, issuer => new KnownIssuer(issuer, FindKeys(issuer) ?? new IssuerKeys(issuer, _timeProvider, _log)),
        StringComparer.Ordinal);

    // The keys of an issuer that stays go on: it may be out of reach just now.
    private IssuerKeys? FindKeys(TrustedIssuer issuer) =>
        Find(issuer.Address) is { } known && Describe(known.Trust.Authorities) == Describe(issuer.Authorities) ? known.Keys : null;

    private static string Describe(X509Certificate2Collection? authorities) =>
        string.Join(' ', authorities?.Select(authority => authority.GetCertHashString(HashAlgorithmName.SHA256)) ?? []);

    [LoggerMessage(1062, LogLevel.Information, "SIGHUP: the identity file {File} was read again; it names {Count} issuers")]
    private partial void LogReloaded(string file, int count);

    [LoggerMessage(1063, LogLevel.Error, "The identity file was not read again, and the issuers in use stay: {Errors}")]
    private partial void LogReloadFailed(string errors);
}

/// <summary>An issuer and its keys.</summary>
internal sealed record KnownIssuer(TrustedIssuer Trust, IssuerKeys Keys);

/// <summary>Where the trusted issuers come from.</summary>
/// <param name="File">Null: the relay accepts no tokens.</param>
internal sealed record IdentitySettings(string? File, IReadOnlyList<TrustedIssuer> Issuers)
{
    /// <exception cref="RelayStartException">The file cannot be used.</exception>
    public static IdentitySettings Read(string? file) => new(file, file is null ? [] : IdentityFile.Read(file));
}
