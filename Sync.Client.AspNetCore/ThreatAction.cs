namespace Sync.Client.AspNetCore;

/// <summary>What becomes of a request, from the mildest.</summary>
public enum ThreatAction
{
    /// <summary>The app answers it.</summary>
    Allow,

    /// <summary>The app answers it, and it is written to the log.</summary>
    Log,

    /// <summary>The app answers it where its sender passes <see cref="IThreatChallenge"/>.</summary>
    Challenge,

    /// <summary>It is refused: by 403, or by 503 where it could not be scored.</summary>
    Block,
}
