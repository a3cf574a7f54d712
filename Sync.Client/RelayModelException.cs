namespace Sync.Client;

/// <summary>A call that a model cannot answer. It is never answered with "safe" instead.</summary>
public sealed class RelayModelException(RelayModelFault fault, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public RelayModelFault Fault { get; } = fault;
}

/// <summary>Why a call has no answer.</summary>
public enum RelayModelFault
{
    /// <summary>No version is active yet: nothing was synced and the store holds nothing that verifies.</summary>
    NotReady,

    /// <summary>The call is not one for the model's task; the message names the one that is.</summary>
    WrongTask,

    /// <summary>The row has another number of values than the model has number inputs.</summary>
    WrongWidth,

    /// <summary>The row lacks the model's category inputs, or has some where the model has none.</summary>
    WrongType,

    /// <summary>The row lacks a value that the model's spec calls required; the message names the input.</summary>
    MissingValue,

    /// <summary>The place for the answer is too small.</summary>
    WrongOutput,

    /// <summary>The answer cannot be taken apart: explanations were not asked for, or the model is not one tree ensemble over its inputs.</summary>
    NotExplainable,

    /// <summary>The scorer failed or gave NaN.</summary>
    ScorerFailed,
}
