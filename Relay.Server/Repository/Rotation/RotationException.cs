using Shared.Contracts;

namespace Relay.Server.Repository.Rotation;

/// <summary>Why a change of keys cannot be made.</summary>
public enum RotationFault
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

    /// <summary>The file is not what the relay waits for, or does not hold by the rules of TUF.</summary>
    Refused,

    /// <summary>Nodes still run models that only the old CMS root vouches for.</summary>
    StillInUse,

    /// <summary>A file or a setting stands in the way.</summary>
    NotPossible,
}

/// <summary>A change of keys that cannot be made; nothing was changed.</summary>
/// <param name="refusal">What a node would say, for <see cref="RotationFault.Refused"/>.</param>
public sealed class RotationException(RotationFault fault, string message, Refusal? refusal = null) : Exception(message)
{
    public RotationFault Fault { get; } = fault;

    public Refusal? Refusal { get; } = refusal;
}
