namespace Relay.Server.Cli;

/// <summary>A command cannot do what its arguments ask for; the message tells the operator what to change.</summary>
internal sealed class CommandException(string message) : Exception(message);
