using System.CommandLine;

namespace Relay.Server.Cli.Configuration;

/// <summary>A command whose options can be settings as well.</summary>
/// <param name="name">The word that names it.</param>
/// <param name="description">What it does, in a sentence.</param>
internal sealed class ConfiguredCommand(string name, string description) : Command(name, description)
{
    /// <summary>The options that settings complete; none for a command that shows the settings as they are.</summary>
    public required IReadOnlyList<Option> Completed { get; init; }

    /// <summary>All options of <c>relay serve</c>, where the command has them; null elsewhere.</summary>
    public ServeOptions? Serve { get; init; }
}
