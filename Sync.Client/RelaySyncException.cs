namespace Sync.Client;

/// <summary>The environment does not let the node work: not a verdict on what the relay serves.</summary>
public sealed class RelaySyncException(RelaySyncFault fault, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public RelaySyncFault Fault { get; } = fault;
}

public enum RelaySyncFault
{
    /// <summary>Another process has the store open.</summary>
    StoreInUse,

    /// <summary>The store's folder cannot be made, read or written.</summary>
    StoreUnusable,

    /// <summary>The root metadata that came with the installation are not valid.</summary>
    TrustedRootInvalid,
}
