using Shared.Contracts;
using Shared.Contracts.Models;

namespace Relay.Training;

/// <summary>Why a training run cannot give a model. The message says where, what was expected and what to do; text of
/// data and specs in it is escaped, so that it can be shown and logged as it is.</summary>
public sealed class TrainingException(TrainingFault fault, string message, Exception? inner = null)
    : Exception(DisplayText.Escape(message), inner)
{
    public TrainingFault Fault { get; } = fault;

    /// <summary>What the gates said that were run, where a gate refused the model; null for every other fault.</summary>
    public IReadOnlyList<GateResult>? Gates { get; init; }
}

public enum TrainingFault
{
    /// <summary>The spec contradicts itself, names what does not exist, or a parameter is out of range.</summary>
    InvalidSpec,

    /// <summary>The spec names an engine that this build or this machine lacks; the message says how to get it.</summary>
    EngineMissing,

    /// <summary>A file is missing, cannot be read or holds no rows.</summary>
    MissingData,

    /// <summary>A cell or line is not what the spec says; the message names line and column.</summary>
    InvalidData,

    /// <summary>Training needs two classes or more, each with two rows or more.</summary>
    TooFewClasses,

    /// <summary>More classes than an engine can tell apart.</summary>
    TooManyClasses,

    /// <summary>Training needs two rows or more, after those that are too old were left out, and more where a parameter asks it.</summary>
    TooFewRows,

    /// <summary>A checkpoint is damaged, or belongs to other data or parameters.</summary>
    CheckpointMismatch,

    /// <summary>All columns, or the number to learn, have one value in all rows.</summary>
    ConstantColumn,

    /// <summary>No row of the class that the spec calls benign.</summary>
    NoBenignClass,

    /// <summary>The engine's library reported an error; the message quotes it.</summary>
    EngineFailed,

    /// <summary>A file of another framework is damaged, or holds what a tree ensemble cannot express.</summary>
    InvalidModelFile,

    /// <summary>A run over several processes was asked for, and Open MPI is not installed.</summary>
    MpiMissing,

    /// <summary>The exported graph is not valid or ONNX Runtime does not load it.</summary>
    InvalidGraph,

    /// <summary>The graph and the trainer disagree on a held-out row.</summary>
    ParityFailed,

    /// <summary>The golden vectors do not come out of the finished file bit by bit.</summary>
    GoldenFailed,

    /// <summary>An imported model does not answer as its source does, or answers what is no answer.</summary>
    ImportMismatch,

    /// <summary>A gate refuses the data or the model; the message has its figure and its bound.</summary>
    GateFailed,

    /// <summary>No model fits the budget of the spec; the message says the smallest that was reached.</summary>
    OverBudget,

    /// <summary>The trees have more nodes than this machine, or a file, can hold; the message says which parameters make fewer.</summary>
    OutOfMemory,

    /// <summary>A version cannot be trained again from what is given: other data, another program, or a card that does not say enough.</summary>
    NotReproducible,
}
