namespace Relay.Server.Http.Access.Tokens;

/// <summary>Why a token is not accepted.</summary>
internal enum TokenRefusalReason
{
    /// <summary>It is no signed token, or it is too long.</summary>
    Malformed,

    /// <summary>The relay trusts no such issuer.</summary>
    UnknownIssuer,

    /// <summary>The issuer's keys cannot be read, and the last good ones are too old.</summary>
    IssuerUnreachable,

    /// <summary>No key of the issuer signed it, or by no accepted algorithm.</summary>
    Signature,

    /// <summary>It is for another audience.</summary>
    Audience,

    /// <summary>It has expired, is not yet valid, has no expiry, or lives too long.</summary>
    Lifetime,

    /// <summary>It lacks a usable subject, or is of another type.</summary>
    Content,

    /// <summary>It is valid, and no grant applies to it.</summary>
    NoGrant,
}

/// <param name="Detail">What to do, in sentences. It says nothing that the sender of the token does not know.</param>
internal sealed record TokenRefusal(TokenRefusalReason Reason, string Detail);
