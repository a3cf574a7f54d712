namespace Sync.Node.Inference.Tensors;

/// <summary>A request that gets no answer. Its message tells the caller what to do.</summary>
internal sealed class InferenceException(InferenceFault fault, string message) : Exception(message)
{
    public InferenceFault Fault { get; } = fault;
}

/// <summary>Why a request gets no answer, as far as the caller does something else about each.</summary>
internal enum InferenceFault
{
    /// <summary>The request is wrong; the same one will never be answered.</summary>
    Malformed,

    /// <summary>The request is larger than the limits of this server.</summary>
    TooLarge,

    /// <summary>The node does not run that model, or that version of it.</summary>
    NotFound,

    /// <summary>No version is active; the same request may be answered later.</summary>
    NotReady,

    /// <summary>The channel of the relay decides this, and not a caller.</summary>
    NotAllowed,

    /// <summary>The scorer failed on these rows.</summary>
    Failed,
}
