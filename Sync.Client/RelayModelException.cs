namespace Sync.Client;

/// <summary>The error of a call that a model cannot answer. The library never returns a default answer instead.</summary>
/// <param name="fault">Why there is no answer.</param>
/// <param name="message">The same for people.</param>
/// <param name="inner">The cause; null where there is none.</param>
public sealed class RelayModelException(RelayModelFault fault, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Why there is no answer.</summary>
    public RelayModelFault Fault { get; } = fault;
}

/// <summary>Why a call has no answer.</summary>
public enum RelayModelFault
{
    /// <summary>No version is active: the node has synced none yet, and its store holds none that verifies.</summary>
    NotReady,

    /// <summary>The call does not fit the model's task; the message names the one that does.</summary>
    WrongTask,

    /// <summary>The row has more or fewer numbers than the model has number inputs.</summary>
    WrongWidth,

    /// <summary>The row lacks the model's category inputs, or has some where the model has none.</summary>
    WrongType,

    /// <summary>A value is missing that the model's spec requires; the message names the input.</summary>
    MissingValue,

    /// <summary>The span for the answer is too short.</summary>
    WrongOutput,

    /// <summary>The answer cannot be explained: <see cref="RelaySyncOptions.Explanations"/> is false, or the model is not one tree ensemble
    /// over its inputs.</summary>
    NotExplainable,

    /// <summary>The scorer threw, or its output holds NaN.</summary>
    ScorerFailed,
}
