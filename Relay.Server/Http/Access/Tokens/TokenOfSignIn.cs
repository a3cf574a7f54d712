using Microsoft.IdentityModel.JsonWebTokens;

namespace Relay.Server.Http.Access.Tokens;

/// <summary>What the identity token of a sign-in must say besides.</summary>
/// <param name="Issuer">The address of the issuer at which the sign-in began.</param>
/// <param name="Nonce">Made for this sign-in alone.</param>
internal sealed record TokenOfSignIn(string Issuer, string ClientId, string Nonce)
{
    /// <summary>The library verifies the signature over these claims.</summary>
    public bool IsOf(TrustedIssuer issuer, JsonWebToken token) =>
        issuer.Address == Issuer
        && token.TryGetPayloadValue(JwtRegisteredClaimNames.Nonce, out string? nonce) && nonce == Nonce;
}
