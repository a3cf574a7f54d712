namespace Relay.Server.Rollouts;

/// <summary>What a node is to a rollout. The database stores the name.</summary>
internal enum RolloutNodeStanding
{
    /// <summary>It runs the release of its arm, and its values count.</summary>
    Runs,

    /// <summary>It is of the candidate's cohort and still runs the base release.</summary>
    Waits,

    /// <summary>It is of the candidate's cohort and has the candidate ready, but its maintenance window is closed: it is in neither arm.</summary>
    Window,

    /// <summary>It refused the candidate: it counts where refusals count, and in no other metric.</summary>
    Refused,

    /// <summary>It has an artifact of the candidate in quarantine: it counts where quarantines count, and in no other metric.</summary>
    Quarantined,

    /// <summary>It is to run the candidate later in this stage: it is in neither arm.</summary>
    Between,

    /// <summary>It pins or holds a release, or runs another one: it is in neither arm.</summary>
    Apart,

    /// <summary>It enrolled after the rollout had begun: it is in neither arm. A stolen enrollment token
    /// would make as many reporters as one likes.</summary>
    Late,
}
