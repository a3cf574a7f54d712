using System.CommandLine;
using System.Globalization;

namespace Relay.Server.Cli.Configuration;

/// <summary>A whole number that is a setting for each command that has the option.</summary>
internal sealed class SharedNumber : Option<int>, ISharedSetting
{
    /// <param name="name">The name of the option.</param>
    /// <param name="unit">What the number counts, where the name does not say it.</param>
    public SharedNumber(string name, string description, int value, int maximum, string? unit = null)
        : base(name)
    {
        Option<int> bounded = NumberOption.Create(name, description, value, minimum: 0, maximum, unit);
        (Description, HelpName, CustomParser) = (bounded.Description, bounded.HelpName, bounded.CustomParser);
        DefaultValueFactory = _ => value;
    }

    public void SetDefault(string value) => DefaultValueFactory = _ => int.Parse(value, CultureInfo.InvariantCulture);
}
