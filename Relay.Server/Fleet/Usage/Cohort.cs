using Shared.Contracts.Releases;

namespace Relay.Server.Fleet.Usage;

/// <summary>The part of a fleet that a report counts for. The database stores the number.</summary>
internal enum Cohort
{
    /// <summary>Its channel has no candidate.</summary>
    None,

    /// <summary>It runs the channel's release while others run the candidate.</summary>
    Control,

    /// <summary>The candidate is for it.</summary>
    Candidate,

    /// <summary>Its report is not signed: it counts for nothing but itself.</summary>
    Unsigned,
}

internal static class Cohorts
{
    /// <summary>The cohort that the signed channel document gives a node, whatever the node says.</summary>
    public static Cohort Find(ChannelManifest? channel, string node, bool isSigned) =>
        !isSigned ? Cohort.Unsigned
        : channel?.Candidate is not { } candidate ? Cohort.None
        : candidate.Includes(node) ? Cohort.Candidate
        : Cohort.Control;

    public static string NameOf(Cohort cohort) => cohort switch
    {
        Cohort.None => "none",
        Cohort.Control => "control",
        Cohort.Candidate => "candidate",
        Cohort.Unsigned => "unsigned",
        _ => throw new ArgumentOutOfRangeException(nameof(cohort), cohort, null),
    };
}
