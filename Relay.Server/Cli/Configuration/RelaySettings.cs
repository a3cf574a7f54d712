using System.CommandLine;

namespace Relay.Server.Cli.Configuration;

/// <summary>Completes a command line by the settings of a file and of the environment: each becomes the option of its name, unless the command line
/// has it, so that one parser checks them all. A shared one becomes the default value of its option.</summary>
/// <param name="sources">Null for none.</param>
internal sealed class RelaySettings(SettingSources? sources)
{
    private static readonly char[] LineBreaks = ['\r', '\n', '\t'];

    public static RelaySettings None { get; } = new(null);

    /// <summary>The variables of the environment; null: those of the process.</summary>
    public IReadOnlyDictionary<string, string>? Variables => sources?.Variables;

    /// <summary>Parses a command line, and completes it where its command takes settings.</summary>
    /// <exception cref="CommandException">A setting is not known or has a wrong value, or the settings file cannot be read.</exception>
    public ParseResult Parse(Command root, string[] args)
    {
        ParseResult parsed = root.Parse(args);
        Command command = parsed.CommandResult.Command;
        ConfiguredCommand? configured = command as ConfiguredCommand;
        IReadOnlyList<Option> options = configured?.Completed ?? [.. command.Options.Where(option => option is ISharedSetting)];
        if (sources is null || parsed.Errors.Count > 0 || parsed.Action != command.Action || options.Count == 0)
        {
            return parsed;
        }

        IReadOnlyDictionary<string, Setting> settings = Find(root, configured?.Serve?.ConfigFile(parsed));
        List<string> added = [];
        foreach (Option option in options.Where(option => !GivenOptions.Has(parsed, option)))
        {
            if (!settings.TryGetValue(Setting.NameFor(option.Name), out Setting? set))
            {
                continue;
            }

            if (option is ISharedSetting shared)
            {
                shared.SetDefault(set.Values.Single());
            }
            else
            {
                added.AddRange(Words(option, set));
            }
        }

        int end = Array.IndexOf(args, "--");
        return root.Parse(end < 0 ? [.. args, .. added] : [.. args[..end], .. added, .. args[end..]]);
    }

    /// <summary>The settings by name, each with a value that its option takes.</summary>
    /// <param name="root">The command <c>relay</c>.</param>
    /// <param name="file">The settings file that the command line names; null for none.</param>
    /// <exception cref="CommandException">One of them is not known or has a wrong value, or the settings file cannot be read.</exception>
    public IReadOnlyDictionary<string, Setting> Find(Command root, string? file)
    {
        IReadOnlyDictionary<string, Setting> settings = sources?.Read(file) ?? new Dictionary<string, Setting>();
        string[] errors =
        [
            .. settings.Values.OrderBy(setting => setting.Source, StringComparer.Ordinal)
                .Select(setting => FindError(root, setting) is { } error ? $"{setting.Source}: {error}" : null).OfType<string>(),
        ];
        return errors.Length == 0 ? settings : throw new CommandException(string.Join('\n', errors));
    }

    private static IEnumerable<string> Words(Option option, Setting setting) => setting.Values.Select(value => $"{option.Name}={value}");

    /// <summary>What <c>relay serve</c> says of this setting alone; null when it takes it.</summary>
    private static string? FindError(Command root, Setting setting)
    {
        ServeOptions serve = root.Subcommands.OfType<ConfiguredCommand>().Single(command => command.Name == ServeCommand.Name).Serve!;
        if (serve.IsForOneStart(setting.Name))
        {
            return "this is for one start, and an option of the command line only.";
        }

        Option? option = serve.Settings.FirstOrDefault(
            known => Setting.NameFor(known.Name).Equals(setting.Name, StringComparison.OrdinalIgnoreCase));
        return option is null ? "there is no such setting. 'relay config' lists them."
            : setting.Values.Any(value => value.Length == 0) ? "it is empty: give it a value, or remove it."
            : option is Option<bool> && !(setting.Values is [var flag] && bool.TryParse(flag, out _)) ? "it takes true or false."
            : root.Parse([ServeCommand.Name, .. Words(option, setting)]).Errors
                .Select(error => string.Join(' ', error.Message.Split(LineBreaks, StringSplitOptions.RemoveEmptyEntries))).FirstOrDefault();
    }
}
