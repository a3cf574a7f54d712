namespace Sync.Client;

/// <summary>The error of an environment in which the node cannot work. A refusal of something that the relay serves is a
/// <see cref="Shared.Contracts.Refusal"/> and no exception.</summary>
/// <param name="fault">What is wrong.</param>
/// <param name="message">The same for people, with what to do about it.</param>
/// <param name="inner">The cause; null where there is none.</param>
public sealed class RelaySyncException(RelaySyncFault fault, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What is wrong.</summary>
    public RelaySyncFault Fault { get; } = fault;
}

/// <summary>What is wrong with a node's environment.</summary>
public enum RelaySyncFault
{
    /// <summary>Another process has the store open.</summary>
    StoreInUse,

    /// <summary>The store's folder cannot be created, read or written.</summary>
    StoreUnusable,

    /// <summary>The root metadata of the installation cannot be read or do not verify.</summary>
    TrustedRootInvalid,
}
