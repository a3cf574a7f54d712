using System.CommandLine;

namespace Relay.Server.Cli.Configuration;

/// <summary>An option of all commands that work in the data folder of a relay: its setting is for each of them.</summary>
internal interface ISharedSetting;

/// <param name="name">The name of the option.</param>
internal sealed class SharedSetting<T>(string name) : Option<T>(name), ISharedSetting;
