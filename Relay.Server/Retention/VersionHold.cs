namespace Relay.Server.Retention;

/// <summary>Why a version is not deleted.</summary>
internal enum VersionHold
{
    /// <summary>There is no such version.</summary>
    Unknown,

    /// <summary>A release names it, or did.</summary>
    Published,

    /// <summary>It is revoked, or that was requested.</summary>
    Revoked,

    /// <summary>A publication that waits for signatures names it.</summary>
    Pending,

    /// <summary>A rollout names it, or did.</summary>
    InRollout,

    /// <summary>An alias names it, or did.</summary>
    Aliased,
}
