using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Relay.Server.Cli;

/// <summary>An option that takes a whole number within bounds.</summary>
internal static class NumberOption
{
    /// <param name="unit">What the number counts, where the name of the option does not say it.</param>
    public static Option<int> Create(string name, string description, int value, int minimum, int maximum, string? unit = null) => new(name)
    {
        Description = description,
        HelpName = unit ?? "number",
        DefaultValueFactory = _ => value,
        CustomParser = result => Read(result, name, minimum, maximum, unit) ?? value,
    };

    /// <summary>An option without a default value.</summary>
    public static Option<int?> CreateOptional(string name, string description, int minimum, int maximum, string unit) => new(name)
    {
        Description = description,
        HelpName = unit,
        CustomParser = result => Read(result, name, minimum, maximum, unit),
    };

    private static int? Read(ArgumentResult result, string name, int minimum, int maximum, string? unit)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        result.AddError($"{name} takes {minimum} to {maximum}{(unit is null ? "" : " " + unit)}, not '{text}'.");
        return null;
    }
}
