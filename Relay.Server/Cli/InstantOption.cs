using System.CommandLine;
using System.Globalization;

namespace Relay.Server.Cli;

/// <summary>An option that takes an instant. One without a time zone is in UTC, wherever the command runs.</summary>
internal static class InstantOption
{
    public static Option<DateTimeOffset?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(
                result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out DateTimeOffset instant))
            {
                return instant;
            }

            result.AddError($"{name} takes an instant such as 2026-01-31T12:00:00Z.");
            return null;
        },
    };
}
