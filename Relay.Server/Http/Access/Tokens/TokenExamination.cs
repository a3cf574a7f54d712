using Microsoft.IdentityModel.JsonWebTokens;
using Shared.Contracts;

namespace Relay.Server.Http.Access.Tokens;

/// <summary>What the relay answers to a token, and what the token says of itself.</summary>
/// <param name="Content">Null for a text that is no token. It is not verified where the result is a refusal, other than for want of a grant.</param>
internal sealed record TokenExamination(Result<TokenIdentity, TokenRefusal> Result, TokenContent? Content);

/// <summary>The claims of a token beside those that the identity file asks for.</summary>
/// <param name="issuer">That of the token; null: the file names no such one.</param>
internal sealed class TokenContent(JsonWebToken token, KnownIssuer? issuer)
{
    public string Issuer => token.Issuer;

    public string Subject => token.Subject;

    public IReadOnlyList<string> Audiences => [.. token.Audiences];

    /// <summary>Null where it has none.</summary>
    public DateTimeOffset? ExpiresAt => token.ValidTo == DateTime.MinValue ? null : new(token.ValidTo, TimeSpan.Zero);

    /// <summary>What the identity file says of the issuer; null: nothing.</summary>
    public TrustedIssuer? Trust => issuer?.Trust;

    /// <summary>Why the issuer's keys could not be read; null: they could, or were not asked for.</summary>
    public Exception? KeyFailure => issuer?.Keys.Failure;

    /// <summary>The grants of the issuer in the order of the file.</summary>
    public IReadOnlyList<GrantComparison> Grants =>
    [
        .. (issuer?.Trust.Grants ?? []).Select(grant => TokenClaims.FindDifference(token, grant) is { } claim
            ? new GrantComparison(grant, claim, [.. TokenClaims.Values(token, claim)])
            : new GrantComparison(grant, null, [])),
    ];
}

/// <summary>A grant beside the claims of a token.</summary>
/// <param name="Differing">The first claim of the grant that the token does not have; null: the grant applies.</param>
/// <param name="Values">The values that the token has for it; empty: none.</param>
internal sealed record GrantComparison(TokenGrant Grant, string? Differing, IReadOnlyList<string> Values);
