namespace Relay.Server.Storage;

/// <summary>The relay cannot start; the message tells the operator what to change.</summary>
internal sealed class RelayStartException(string message, Exception? inner = null) : Exception(message, inner);
