using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Shared.Contracts.Cms;

namespace Relay.Server.Http.Access.Tokens;

/// <summary>The public keys of an issuer, read from its discovery document. They are read again when they are a few minutes old, and when a token
/// names a key that is not among them, but never more often than <see cref="Pause"/>: made-up key ids cost the issuer nothing. While it cannot be
/// reached, the last good keys go on for <see cref="MaximumAge"/>.</summary>
internal sealed partial class IssuerKeys(TrustedIssuer issuer, TimeProvider timeProvider, ILogger log)
{
    public static readonly TimeSpan MaximumAge = TimeSpan.FromHours(12);

    /// <summary>After this, a key that the issuer withdrew is known as such.</summary>
    public static readonly TimeSpan FreshTime = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private const int MaximumBytes = 1 << 18;
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile KeySet? _current;
    private long? _triedAt;

    /// <summary>Why they could not be read the last time; null: they could.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The keys, the one of this id among them if the issuer has it.</summary>
    /// <param name="id">Null: the token names none.</param>
    /// <returns>Null where there are none that may be used.</returns>
    public async Task<IReadOnlyList<SecurityKey>?> FindAsync(string? id, CancellationToken cancellationToken)
    {
        if (IsEnough(id))
        {
            return _current!.Keys;
        }

        await _reading.WaitAsync(cancellationToken);
        try
        {
            // Another request may have read them meanwhile.
            if (!IsEnough(id) && (_triedAt is not { } tried || timeProvider.GetElapsedTime(tried) >= Pause))
            {
                await ReadAsync();

                // From its end: an issuer that hangs must not hold up every request.
                _triedAt = timeProvider.GetTimestamp();
            }
        }
        finally
        {
            _reading.Release();
        }

        return _current is { } known && timeProvider.GetElapsedTime(known.ReadAt) < MaximumAge ? known.Keys : null;
    }

    /// <summary>What the issuer says of itself, such as where people sign in; null where it cannot be read.</summary>
    public async Task<OpenIdConnectConfiguration?> FindConfigurationAsync(CancellationToken cancellationToken)
    {
        await FindAsync(null, cancellationToken);
        return _current?.Configuration;
    }

    /// <summary>A client that trusts what the issuer's entry names. It is used once and disposed of.</summary>
    public HttpClient CreateClient()
    {
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false };
        handler.SslOptions.CertificateChainPolicy = issuer.Authorities is { } authorities ? PinnedChainPolicy.Create(authorities) : null;
        return new HttpClient(handler) { Timeout = RequestTime, MaxResponseContentBufferSize = MaximumBytes };
    }

    private bool IsEnough(string? id) => _current is { } known && timeProvider.GetElapsedTime(known.ReadAt) < FreshTime
        && (id is null || known.Keys.Any(key => key.KeyId == id));

    private async Task ReadAsync()
    {
        try
        {
            OpenIdConnectConfiguration found = await RequestAsync();
            if (found.Issuer != issuer.Address)
            {
                throw new InvalidDataException($"The discovery document is of the issuer '{found.Issuer}'.");
            }

            // A shared secret can be no key of a signature.
            SecurityKey[] keys = [.. found.SigningKeys.OfType<AsymmetricSecurityKey>()];
            _current = keys.Length > 0
                ? new(keys, timeProvider.GetTimestamp(), found)
                : throw new InvalidDataException("The issuer has no public keys.");
            Failure = null;
        }
        catch (Exception failed)
        {
            Failure = failed;
            LogUnreachable(failed, issuer.Address);
        }
    }

    // For all who wait: not ended by one who leaves. A connection of its own: there is one in minutes.
    private async Task<OpenIdConnectConfiguration> RequestAsync()
    {
        using HttpClient http = CreateClient();
        return await OpenIdConnectConfigurationRetriever.GetAsync(
            $"{issuer.Address.TrimEnd('/')}/.well-known/openid-configuration", new HttpDocumentRetriever(http) { RequireHttps = true },
            CancellationToken.None);
    }

    private sealed record KeySet(IReadOnlyList<SecurityKey> Keys, long ReadAt, OpenIdConnectConfiguration Configuration);

    [LoggerMessage(1061, LogLevel.Error, "The keys of the issuer {Issuer} cannot be read")]
    private partial void LogUnreachable(Exception exception, string issuer);
}
