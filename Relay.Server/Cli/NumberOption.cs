using System.CommandLine;
using System.Globalization;

namespace Relay.Server.Cli;

/// <summary>An option that takes a whole number within bounds.</summary>
internal static class NumberOption
{
    /// <param name="unit">What the number counts, where the name of the option does not say it.</param>
    public static Option<int> Create(string name, string description, int value, int minimum, int maximum, string? unit = null) =>
        Limit(new Option<int>(name) { Description = description, DefaultValueFactory = _ => value }, minimum, maximum, unit);

    /// <summary>An option without a default value.</summary>
    public static Option<int?> CreateOptional(string name, string description, int minimum, int maximum, string unit) =>
        Limit(new Option<int?>(name) { Description = description }, minimum, maximum, unit);

    private static TOption Limit<TOption>(TOption option, int minimum, int maximum, string? unit)
        where TOption : Option
    {
        option.HelpName = unit ?? "number";
        option.Validators.Add(result =>
        {
            // A text that is no number has an error of its own.
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out int number)
                && (number < minimum || number > maximum))
            {
                result.AddError($"{option.Name} takes {minimum} to {maximum}{(unit is null ? "" : " " + unit)}.");
            }
        });
        return option;
    }
}
