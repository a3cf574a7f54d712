using System.Security.Cryptography.X509Certificates;

namespace Relay.Server.Http.Access.Tokens;

/// <summary>An OpenID Connect issuer whose tokens the relay accepts.</summary>
internal sealed record TrustedIssuer
{
    /// <summary>The address of the issuer, exactly as its tokens name it in <c>iss</c>.</summary>
    public required string Address { get; init; }

    /// <summary>What its tokens must name in <c>aud</c>.</summary>
    public required string Audience { get; init; }

    /// <summary>What its tokens may do. A token to which none applies may do nothing.</summary>
    public required IReadOnlyList<TokenGrant> Grants { get; init; }

    /// <summary>The longest time from a token's issue to its expiry.</summary>
    public required TimeSpan MaximumLifetime { get; init; }

    /// <summary>How tokens name the person who acts; null: they do not.</summary>
    public PersonClaim? Person { get; init; }

    /// <summary>The only authorities that the issuer's TLS certificate may come from; null: those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The client by which people sign in to the console; null: they do not.</summary>
    public SignInClient? SignIn { get; init; }
}

/// <summary>What an issuer knows the console as.</summary>
/// <param name="Name">The text of the button.</param>
/// <param name="ClientId">The audience of the identity tokens.</param>
/// <param name="Secret">Null for a public client.</param>
internal sealed record SignInClient(string Name, string ClientId, string? Secret)
{
    /// <summary>Without the secret, which no log may hold.</summary>
    public override string ToString() => $"{Name} ({ClientId})";
}

/// <summary>A role for tokens that have all of these claims with exactly these values.</summary>
internal sealed record TokenGrant(ApiKeyRole Role, IReadOnlyDictionary<string, string> Claims);

/// <summary>The claim that names a person, for the two-people rule.</summary>
/// <param name="Owners">The owner, as API keys have it, by the value of the claim; null: the value is the owner.</param>
internal sealed record PersonClaim(string Name, IReadOnlyDictionary<string, string>? Owners);
