using Shared.Contracts;

namespace Relay.Training.Federated;

/// <summary>A round of federated training ended, for all of its owners. The message says why; text of others in it is escaped.</summary>
public sealed class RoundException(RoundFault fault, string message, Exception? inner = null) : Exception(DisplayText.Escape(message), inner)
{
    public RoundFault Fault { get; } = fault;
}
