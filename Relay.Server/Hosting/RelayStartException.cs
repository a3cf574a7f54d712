namespace Relay.Server.Hosting;

/// <summary>Why the relay cannot start, said so that the operator knows what to do.</summary>
internal sealed class RelayStartException(string message, Exception? inner = null) : Exception(message, inner);
