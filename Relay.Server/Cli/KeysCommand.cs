using System.CommandLine;

namespace Relay.Server.Cli;

/// <summary><c>relay keys</c>: the keys that all trust rests on.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Looks after the keys of the signed repository.") { KeysStatusCommand.Create() };
}
