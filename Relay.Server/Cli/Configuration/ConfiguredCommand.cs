using System.CommandLine;

namespace Relay.Server.Cli.Configuration;

/// <summary>A command whose options can be settings as well.</summary>
/// <param name="name">The word that names it.</param>
/// <param name="description">What it does, in a sentence.</param>
/// <param name="options">Its options.</param>
internal sealed class ConfiguredCommand(string name, string description, ServeOptions options) : Command(name, description)
{
    public ServeOptions Configured => options;

    /// <summary>False for a command that shows the settings as they are, each with its source.</summary>
    public bool IsCompleted { get; init; } = true;
}
