using System.CommandLine;

namespace Relay.Server.Cli;

/// <summary>How a command runs: with which streams, and in which environment.</summary>
internal sealed class CommandInvocation : InvocationConfiguration
{
    /// <summary>The variables by their names; null: those of the process.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>A variable of the environment; null where it is not set, or empty.</summary>
    /// <param name="parsed">The command line of the command that runs; null: none does.</param>
    public static string? FindVariable(ParseResult? parsed, string name)
    {
        string? value = parsed?.InvocationConfiguration is CommandInvocation { Variables: { } given }
            ? given.GetValueOrDefault(name)
            : Environment.GetEnvironmentVariable(name);
        return value is { Length: > 0 } ? value : null;
    }
}
