namespace Relay.Training.Federated;

/// <summary>Why a round of federated training ended without a model.</summary>
public enum RoundFault
{
    /// <summary>The round document breaks a rule: fewer than three owners, a key twice, an unknown member.</summary>
    InvalidRound,

    /// <summary>A key file is no private key on the curve P-256, or the key is none of the round's owners.</summary>
    NotAnOwner,

    /// <summary>Bytes that are no message of a round, or too many.</summary>
    MalformedMessage,

    /// <summary>A message of another round document: another spec, other owners, or a document that was altered.</summary>
    OtherRound,

    /// <summary>An owner runs another version of the program, or another kind of machine: the models would differ.</summary>
    OtherProgram,

    /// <summary>A message that its owner did not sign.</summary>
    BadSignature,

    /// <summary>A message of one owner in the place of another's.</summary>
    WrongSender,

    /// <summary>A message of another step: an older one again, or one out of order.</summary>
    WrongStep,

    /// <summary>A message with another number of sums than the step has.</summary>
    WrongLength,

    /// <summary>Two owners received different messages in an earlier step.</summary>
    TranscriptsDiffer,

    /// <summary>An owner left: its data do not fit, its disk is full, or a person ended it.</summary>
    OwnerLeft,

    /// <summary>The connection to an owner broke.</summary>
    OwnerLost,

    /// <summary>The connection to the coordinator broke.</summary>
    CoordinatorLost,

    /// <summary>An owner did not join, or sent nothing, in the time that the round allows.</summary>
    TimedOut,

    /// <summary>An owner has joined already.</summary>
    AlreadyJoined,

    /// <summary>The owners' files are not the same bytes.</summary>
    ModelsDiffer,
}
