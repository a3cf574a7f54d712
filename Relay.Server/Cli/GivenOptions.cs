using System.CommandLine;

namespace Relay.Server.Cli;

/// <summary>Options that a caller set. What a command does not read in the form in which it was called is refused: an option without an effect would
/// let the caller believe in one.</summary>
internal static class GivenOptions
{
    public static bool Has(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <param name="why">Follows the name of the option: when it is read, and what to do.</param>
    /// <exception cref="CommandException">One of them is set.</exception>
    public static void Refuse(ParseResult parsed, IEnumerable<Option> unread, string why)
    {
        if (unread.FirstOrDefault(option => Has(parsed, option)) is { } set)
        {
            throw new CommandException($"{set.Name} {why}");
        }
    }
}
