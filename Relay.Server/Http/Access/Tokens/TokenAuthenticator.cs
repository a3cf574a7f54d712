using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Shared.Contracts;

namespace Relay.Server.Http.Access.Tokens;

/// <summary>Authenticates tokens of trusted issuers. The library validates them; the relay decides what they may do.</summary>
internal sealed class TokenAuthenticator(IssuerList issuers, TimeProvider timeProvider)
{
    public const int MaximumLength = 16 * 1024;

    private const int MaximumSubject = 255;
    private const int MaximumOwner = 100;
    private const int Parts = 3;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    // Signatures by a private key only: with a shared secret, and without a signature, anyone could be the issuer.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    // Tokens for other ends, such as a logout, say so. One that says nothing is of the first kind.
    private static readonly string[] Types = ["JWT", "at+jwt", "application/at+jwt"];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MaximumLength };

    /// <summary>True for a text that is meant as a token: no API key has a dot.</summary>
    public static bool IsToken(string text) => text.Contains('.', StringComparison.Ordinal);

    /// <summary>Authenticates the credential of a request.</summary>
    public Task<Result<TokenIdentity, TokenRefusal>> AuthenticateAsync(string text, CancellationToken cancellationToken) =>
        AuthenticateAsync(text, null, cancellationToken);

    /// <summary>Authenticates the identity token of a sign-in, which its issuer made for the console and for this sign-in.</summary>
    public Task<Result<TokenIdentity, TokenRefusal>> AuthenticateSignInAsync(
        string text, TokenOfSignIn signIn, CancellationToken cancellationToken) => AuthenticateAsync(text, signIn, cancellationToken);

    /// <summary>Authenticates a token as that of a request, and says how it compares to the grants of its issuer.</summary>
    public async Task<TokenExamination> ExamineAsync(string text, CancellationToken cancellationToken)
    {
        Result<TokenIdentity, TokenRefusal> result = await AuthenticateAsync(text, cancellationToken);
        return new(result, TryRead(text) is { } token ? new TokenContent(token, issuers.Find(token.Issuer)) : null);
    }

    private async Task<Result<TokenIdentity, TokenRefusal>> AuthenticateAsync(
        string text, TokenOfSignIn? signIn, CancellationToken cancellationToken)
    {
        if (issuers.IsEmpty)
        {
            return new TokenRefusal(
                TokenRefusalReason.UnknownIssuer, "This relay accepts API keys and no tokens: its operator names trusted issuers by --identity.");
        }

        if (TryRead(text) is not { } unverified)
        {
            return new TokenRefusal(TokenRefusalReason.Malformed, $"Expected a signed JSON Web Token of at most {MaximumLength} characters.");
        }

        if (issuers.Find(unverified.Issuer) is not { } issuer)
        {
            return new TokenRefusal(TokenRefusalReason.UnknownIssuer, "The relay does not trust the issuer of this token.");
        }

        string? keyId = string.IsNullOrEmpty(unverified.Kid) ? null : unverified.Kid;
        if (await issuer.Keys.FindAsync(keyId, cancellationToken) is not { } keys)
        {
            return new TokenRefusal(
                TokenRefusalReason.IssuerUnreachable,
                "The relay cannot read the keys of this token's issuer, and cannot verify it: try again later. The relay's log has the cause.");
        }

        if (signIn is not null && !signIn.IsOf(issuer.Trust, unverified))
        {
            return new TokenRefusal(TokenRefusalReason.Content, "The token is of another sign-in: sign in once more.");
        }

        TokenValidationResult result = await _handler.ValidateTokenAsync(text, Rules(issuer.Trust, keys, signIn?.ClientId ?? issuer.Trust.Audience));
        return result.IsValid ? Grant(issuer.Trust, (JsonWebToken)result.SecurityToken) : Describe(result.Exception);
    }

    private JsonWebToken? TryRead(string text)
    {
        if (text.Length > MaximumLength || text.Split('.', Parts + 1).Length != Parts)
        {
            return null;
        }

        try
        {
            return _handler.ReadJsonWebToken(text);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private TokenValidationParameters Rules(TrustedIssuer issuer, IReadOnlyList<SecurityKey> keys, string audience) => new()
    {
        ValidIssuer = issuer.Address,
        ValidAudience = audience,
        IgnoreTrailingSlashWhenValidatingAudience = false,
        IssuerSigningKeys = keys,
        ValidAlgorithms = Algorithms,
        TypeValidator = (type, _, _) => string.IsNullOrEmpty(type) || Types.Contains(type, StringComparer.OrdinalIgnoreCase)
            ? type
            : throw new SecurityTokenInvalidTypeException("The token is of another type."),
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        ClockSkew = ClockSkew,
    };

    private Result<TokenIdentity, TokenRefusal> Grant(TrustedIssuer issuer, JsonWebToken token)
    {
        if (LivesTooLong(issuer, token))
        {
            return new TokenRefusal(
                TokenRefusalReason.Lifetime,
                $"The token is valid for more than {issuer.MaximumLifetime.TotalMinutes:0} minutes: ask the issuer for one of a shorter life.");
        }

        if (TokenClaims.FindText(token, JwtRegisteredClaimNames.Sub, MaximumSubject) is not { } subject)
        {
            return new TokenRefusal(
                TokenRefusalReason.Content, $"The token has no claim 'sub', or one that is not a text of at most {MaximumSubject} characters.");
        }

        ApiKeyRole[] roles =
        [
            .. issuer.Grants
                .Where(grant => TokenClaims.FindDifference(token, grant) is null)
                .Select(grant => grant.Role).Distinct(),
        ];
        return roles.Length > 0
            ? new TokenIdentity(new TokenActor(issuer.Address, subject, FindOwner(issuer, token)), roles)
            : new TokenRefusal(
                TokenRefusalReason.NoGrant,
                DisplayText.Format($"The token of '{subject}' is valid, and no grant of the relay's identity file has its claims. ")
                    + $"Claims that its grants name: {string.Join(", ", issuer.Grants.SelectMany(grant => grant.Claims.Keys).Distinct())}.");
    }

    // An instant of issue that lies in the future would shorten the life.
    private bool LivesTooLong(TrustedIssuer issuer, JsonWebToken token)
    {
        DateTime now = timeProvider.GetUtcNow().UtcDateTime;
        DateTime issued = token.IssuedAt > DateTime.MinValue && token.IssuedAt < now ? token.IssuedAt : now;
        return token.ValidTo - issued > issuer.MaximumLifetime + ClockSkew;
    }

    private static string? FindOwner(TrustedIssuer issuer, JsonWebToken token) =>
        issuer.Person is not { } person || TokenClaims.FindText(token, person.Name, MaximumOwner) is not { } value ? null
        : person.Owners is { } owners ? owners.GetValueOrDefault(value)
        : value;

    private static TokenRefusal Describe(Exception failed) => failed switch
    {
        SecurityTokenExpiredException => new(TokenRefusalReason.Lifetime, "The token has expired: ask the issuer for a new one."),
        SecurityTokenNotYetValidException => new(TokenRefusalReason.Lifetime, "The token is not yet valid: check the clocks of relay and issuer."),
        SecurityTokenNoExpirationException => new(
            TokenRefusalReason.Lifetime, "The token has no expiry ('exp'): the relay takes none that lives forever."),
        SecurityTokenInvalidLifetimeException => new(TokenRefusalReason.Lifetime, "The token expires before it is valid."),
        SecurityTokenInvalidAudienceException => new(
            TokenRefusalReason.Audience, "The token is for another audience: ask the issuer for one with the audience of the relay's identity file."),
        SecurityTokenInvalidTypeException => new(TokenRefusalReason.Content, "The token is of another type than an identity or access token."),
        _ => new(
            TokenRefusalReason.Signature,
            "The signature of the token is not valid: it must be by a current key of the issuer, with an RS, PS or ES algorithm."),
    };
}
