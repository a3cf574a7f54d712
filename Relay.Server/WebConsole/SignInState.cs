namespace Relay.Server.WebConsole;

/// <summary>What a browser keeps while its user signs in elsewhere. It is no secret from that user; that the answer has the same state shows that it
/// is the answer to their own request.</summary>
/// <param name="Issuer">The address of the issuer.</param>
/// <param name="Nonce">What the identity token must name.</param>
/// <param name="Verifier">That of PKCE (RFC 7636).</param>
internal sealed record SignInState(string Issuer, string State, string Nonce, string Verifier)
{
    private const char Separator = ' ';

    /// <summary>Null for a text that is none.</summary>
    public static SignInState? TryParse(string? text) =>
        text?.Split(Separator) is [{ Length: > 0 } issuer, { Length: > 0 } state, { Length: > 0 } nonce, { Length: > 0 } verifier]
            ? new(issuer, state, nonce, verifier)
            : null;

    /// <summary>An issuer's address has no space, and the others are base64url.</summary>
    public string ToText() => string.Join(Separator, Issuer, State, Nonce, Verifier);
}
