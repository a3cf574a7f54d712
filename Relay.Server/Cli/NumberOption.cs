using System.CommandLine;
using System.Globalization;

namespace Relay.Server.Cli;

/// <summary>An option that takes a whole number within bounds.</summary>
internal static class NumberOption
{
    /// <param name="unit">What the number counts, where the name of the option does not say it.</param>
    public static Option<int> Create(string name, string description, int value, int minimum, int maximum, string? unit = null)
    {
        Option<int> option = new(name) { Description = description, HelpName = unit ?? "number", DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            // A text that is no number has an error of its own.
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out int number)
                && (number < minimum || number > maximum))
            {
                result.AddError($"{name} takes {minimum} to {maximum}{(unit is null ? "" : " " + unit)}.");
            }
        });
        return option;
    }
}
