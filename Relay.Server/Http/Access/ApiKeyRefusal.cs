namespace Relay.Server.Http.Access;

/// <summary>Why a key is not accepted, or not changed.</summary>
internal enum ApiKeyRefusalReason
{
    /// <summary>There is no such key.</summary>
    Unknown,

    /// <summary>Its time is over.</summary>
    Expired,

    Revoked,

    /// <summary>Another key replaces it already.</summary>
    AlreadyRotated,

    /// <summary>No other admin key would last as long.</summary>
    LastAdminKey,

    /// <summary>The relay keeps no more keys.</summary>
    TooMany,
}

/// <param name="Detail">What to do, in sentences. It is shown only to who has the secret of the key, or an admin key.</param>
internal sealed record ApiKeyRefusal(ApiKeyRefusalReason Reason, string Detail);
