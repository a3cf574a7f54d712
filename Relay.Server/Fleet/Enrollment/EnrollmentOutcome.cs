namespace Relay.Server.Fleet.Enrollment;

/// <summary>What becomes of a node's request to enroll.</summary>
internal enum EnrollmentOutcome
{
    /// <summary>The relay knows the node's key now.</summary>
    Enrolled,

    /// <summary>It knew this key under this id.</summary>
    AlreadyEnrolled,

    /// <summary>There is no such token.</summary>
    TokenUnknown,

    TokenExpired,

    TokenRevoked,

    /// <summary>As many nodes as it is for have enrolled with it.</summary>
    TokenUsedUp,

    /// <summary>Another key has this id.</summary>
    NodeExists,

    /// <summary>This key has another id.</summary>
    KeyExists,

    /// <summary>It knew this key under this id, and an operator banned it.</summary>
    Banned,

    /// <summary>As many nodes as the relay keeps have enrolled.</summary>
    Full,
}
