namespace Relay.AdminClient;

/// <summary>How to reach a relay. A class and no record: nothing prints the key.</summary>
public sealed class RelayAdminOptions
{
    /// <summary>The https address of the relay.</summary>
    public required Uri Address { get; init; }

    /// <summary>The API key; null for the routes that need none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Gives the OpenID Connect token of a request, in place of an API key; null for the routes that need none. It is called for each
    /// request, so that tokens may live for minutes.</summary>
    public Func<CancellationToken, ValueTask<string?>>? TokenProvider { get; init; }

    /// <summary>The only certificate authorities to trust, in PEM: the relay's own is in DATA/tls/ca.pem. Null: those of the system.</summary>
    public string? CertificateAuthorityPem { get; init; }

    /// <summary>How long a request may take. Default: 100 seconds.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(100);
}
