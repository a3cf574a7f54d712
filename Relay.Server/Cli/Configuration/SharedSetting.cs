using System.CommandLine;

namespace Relay.Server.Cli.Configuration;

/// <summary>An option of all commands that work in the data folder of a relay: its setting is for each of them.</summary>
internal interface ISharedSetting
{
    /// <summary>Makes the setting the default value of the option. The caller did not choose it: it excludes no other option.</summary>
    void SetDefault(string value);
}

/// <param name="name">The name of the option.</param>
internal sealed class SharedSetting<T>(string name) : Option<T>(name), ISharedSetting
    where T : class?
{
    public void SetDefault(string value) => DefaultValueFactory = _ => (T)(object)value;
}
