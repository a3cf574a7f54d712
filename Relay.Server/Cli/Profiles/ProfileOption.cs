using System.CommandLine;
using System.CommandLine.Parsing;
using Shared.Contracts;

namespace Relay.Server.Cli.Profiles;

/// <summary><c>--profile</c>, which all commands have. Those that ask no relay refuse it, and their help does not show it.</summary>
internal static class ProfileOption
{
    public const string Name = "--profile";
    public const string Variable = "RELAY_PROFILE";

    public static Option<string?> Create()
    {
        Option<string?> option = CreateOption();
        option.CompletionSources.Add(_ => Names());
        return option;
    }

    /// <summary>For the completion of a command line: none where the file cannot be read.</summary>
    public static IEnumerable<string> Names()
    {
        try
        {
            return ProfileFile.OfUser(null).Read().Profiles.Select(profile => profile.Name);
        }
        catch (Exception e) when (e is CommandException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static Option? FindOption(ParseResult parsed)
    {
        Option? found = null;
        for (SymbolResult? result = parsed.CommandResult; result is not null && found is null; result = result.Parent)
        {
            found = (result as CommandResult)?.Command.Options.FirstOrDefault(option => option.Name == Name);
        }

        return found;
    }

    private static Option<string?> CreateOption() => new(Name)
    {
        Description =
            $"The relay to ask, by a name of 'relay profile list'. Default: the environment variable {Variable}, else that of 'relay profile use'.",
        HelpName = "name",
        Recursive = true,
    };

    /// <summary>The option where the caller set it; null elsewhere, and where the command stands alone.</summary>
    public static Option? FindGiven(ParseResult parsed) => FindOption(parsed) is { } option && GivenOptions.Has(parsed, option) ? option : null;

    /// <summary>The profile that the caller names, else the one of the environment, else the current one; null for none.</summary>
    /// <param name="isNamed">True where the caller names it on the command line.</param>
    /// <exception cref="CommandException">There is no profile of that name.</exception>
    public static RelayProfile? Find(ParseResult parsed, out bool isNamed)
    {
        string? named = FindGiven(parsed) is Option<string?> given ? parsed.GetValue(given) : null;
        isNamed = named is not null;
        ProfileFile file = ProfileFile.OfUser(parsed);
        ProfileList list = file.Read();
        return (named ?? CommandInvocation.FindVariable(parsed, Variable) ?? list.Current) is not { } name ? null
            : list.Find(name) ?? throw new CommandException(DisplayText.Format(
                $"There is no profile '{name}'{(file.Path.Length > 0 ? $" in {file.Path}" : "")}: " +
                    $"list them by 'relay profile list', make one by 'relay profile add'."));
    }

    /// <exception cref="CommandException">The command asks no relay, and the option is set.</exception>
    public static void Check(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (command is RootCommand || command.Options.Any(option => option.Name == RelayConnection.RelayOption))
        {
            return;
        }

        if (FindGiven(parsed) is not null)
        {
            throw new CommandException($"{Name} names a relay, and this command asks none: leave it out");
        }

        FindOption(parsed)?.Hidden = true;
    }
}
