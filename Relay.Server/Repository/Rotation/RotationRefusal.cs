using Shared.Contracts;

namespace Relay.Server.Repository.Rotation;

/// <summary>Why a change of keys is refused; nothing was changed.</summary>
/// <param name="Detail">What is wrong and what to do, for the operator.</param>
/// <param name="Cause">What a node would say, for <see cref="RotationRefusalReason.Refused"/>.</param>
public sealed record RotationRefusal(RotationRefusalReason Reason, string Detail, Refusal? Cause = null)
{
    /// <summary>For a file that nodes would refuse.</summary>
    internal static RotationRefusal FromCause(Refusal cause) => new(
        RotationRefusalReason.Refused, $"Nodes would refuse this {cause.Subject} ({cause.Reason}): {cause.Detail}.", cause);
}

/// <summary>All reasons for which the relay refuses to change keys.</summary>
public enum RotationRefusalReason
{
    /// <summary>There is no such role.</summary>
    UnknownRole,

    /// <summary>No role lists a key of this id.</summary>
    UnknownKey,

    /// <summary>More than one key id starts like this.</summary>
    AmbiguousKey,

    /// <summary>The role would have fewer keys than must sign for it.</summary>
    BelowThreshold,

    /// <summary>The role lists the new key already.</summary>
    AlreadyListed,

    /// <summary>The role's keys are offline: a new one is made there, and only its public half comes here.</summary>
    PublicKeyNeeded,

    /// <summary>The relay would have to sign for a role without the private keys of it.</summary>
    OnlineKeyMissing,

    /// <summary>The file is not what the relay waits for, or breaks the rules of TUF.</summary>
    Refused,

    /// <summary>Channels still point to models that are signed under the old CMS root only.</summary>
    StillInUse,

    /// <summary>A file or a setting prevents the change.</summary>
    NotPossible,
}
