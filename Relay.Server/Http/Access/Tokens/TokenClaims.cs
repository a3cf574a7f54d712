using Microsoft.IdentityModel.JsonWebTokens;
using Shared.Contracts;

namespace Relay.Server.Http.Access.Tokens;

/// <summary>Compares the claims of a token to what the identity file asks for.</summary>
internal static class TokenClaims
{
    /// <summary>The first claim of a grant that the token does not have; null where the grant applies.</summary>
    public static string? FindDifference(JsonWebToken token, TokenGrant grant) =>
        grant.Claims.FirstOrDefault(claim => !Values(token, claim.Key).Contains(claim.Value, StringComparer.Ordinal)).Key;

    /// <summary>The values of a claim: all of a list. An object has no text to compare.</summary>
    public static IEnumerable<string> Values(JsonWebToken token, string name) => token.Claims
        .Where(claim => claim.Type == name
            && claim.ValueType is not (JsonClaimValueTypes.Json or JsonClaimValueTypes.JsonArray or JsonClaimValueTypes.JsonNull))
        .Select(claim => claim.Value);

    /// <summary>The one value of a claim; null where there is none, or several, or no plain text.</summary>
    public static string? FindText(JsonWebToken token, string name, int maximum) =>
        token.TryGetPayloadValue(name, out object? found) && found is string { Length: > 0 } text && text.Length <= maximum
        && DisplayText.IsPlain(text)
            ? text
            : null;
}
