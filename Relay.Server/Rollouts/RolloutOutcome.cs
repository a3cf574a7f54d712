namespace Relay.Server.Rollouts;

/// <summary>How a rollout ended. The database stores the name.</summary>
internal enum RolloutOutcome
{
    /// <summary>It has not ended.</summary>
    Open,

    /// <summary>The channel runs the candidate.</summary>
    Completed,

    /// <summary>The channel runs the base release again.</summary>
    Returned,

    /// <summary>It never began: its first publication was refused.</summary>
    Refused,
}

/// <summary>What the channel's document says in a rollout. The database stores the name.</summary>
internal enum RolloutStep
{
    /// <summary>The base release, with the candidate for a percentage.</summary>
    Stage,

    /// <summary>The candidate, for all nodes.</summary>
    Complete,

    /// <summary>The base release, for all nodes.</summary>
    Return,
}
