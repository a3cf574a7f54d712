using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Server.Cli.Versions;
using Shared.Contracts;

namespace Relay.Server.Cli.Configuration;

/// <summary><c>relay config</c>: shows each setting of <c>relay serve</c> with the value that it has, and from where.</summary>
internal static class ConfigCommand
{
    private const string Default = "default";

    public static Command Create(RelaySettings settings)
    {
        ServeOptions options = new();
        Option<bool> json = new("--json") { Description = "Prints each setting as one line of JSON." };
        ConfiguredCommand command = new(
            "config", "Shows the settings that 'relay serve' would start with: each with its value, and where that comes from.")
        {
            Completed = [],
        };
        command.Options.Add(json);
        options.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            IReadOnlyDictionary<string, Setting> found = settings.Find(parsed.RootCommandResult.Command, options.ConfigFile(parsed));
            ConfigRow[] rows = [.. options.Settings.Select(option => Row(parsed, option, found))];
            IEnumerable<string> lines = parsed.GetValue(json)
                ? rows.Select(row => JsonSerializer.Serialize(row, ConfigJson.Default.ConfigRow))
                : TextTable.LinesOfTexts(
                    ["SETTING", "VALUE", "FROM", "VARIABLE"],
                    rows.Select(string[] (row) => [row.Setting, string.Join(", ", row.Values), row.Source, row.Variable]));
            foreach (string line in lines)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Escape(line));
            }

            return 0;
        });
        return command;
    }

    private static ConfigRow Row(ParseResult parsed, Option option, IReadOnlyDictionary<string, Setting> found)
    {
        string name = Setting.NameFor(option.Name);
        (IEnumerable<string> values, string source) = GivenOptions.Has(parsed, option) ? (Written(parsed, option), option.Name)
            : found.TryGetValue(name, out Setting? set) ? (set.Values, set.Source)
            : (DefaultText(option) is { } value ? [value] : [], Default);

        // It may have a password.
        bool isHidden = option.Name == DatabaseOptions.ConnectionName && source != Default;
        return new(name, isHidden ? ["..."] : [.. values], source, Setting.VariableFor(option.Name), option.Name);
    }

    private static IEnumerable<string> Written(ParseResult parsed, Option option) => parsed.GetResult(option)!.Tokens switch
    {
        // A flag.
        [] => ["true"],
        var tokens => tokens.Select(token => token.Value),
    };

    /// <summary>The default value of an option; null where it has none.</summary>
    internal static string? DefaultText(Option option) =>
        option is Option<bool> ? "false" : option.HasDefaultValue ? option.GetDefaultValue()?.ToString() : null;
}

/// <summary>A setting with its value.</summary>
/// <param name="Setting">Its name in a settings file.</param>
/// <param name="Values">One, those of a list, or none.</param>
/// <param name="Source">Where it stands; <c>default</c> where it is not set.</param>
/// <param name="Variable">Its environment variable.</param>
/// <param name="Option">Its option.</param>
internal sealed record ConfigRow(string Setting, IReadOnlyList<string> Values, string Source, string Variable, string Option);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ConfigRow))]
internal sealed partial class ConfigJson : JsonSerializerContext;
