using Microsoft.Extensions.Configuration;
using Shared.Contracts;

namespace Relay.Server.Cli.Configuration;

/// <summary>The settings in the section <c>Relay</c> of a JSON file, and those of the environment, which go before: the conventions of ASP.NET
/// Core.</summary>
/// <param name="environment">The variables of the process.</param>
internal sealed class SettingSources(IReadOnlyDictionary<string, string> environment)
{
    public const string Prefix = "RELAY__";
    private const string Section = "Relay";
    private const string DefaultFile = "appsettings.json";
    private const string FileVariable = Prefix + "CONFIG";

    public IReadOnlyDictionary<string, string> Variables => environment;

    /// <summary>The settings by name. A list takes the place of the whole list in the file.</summary>
    /// <param name="file">The file that the command line names; null: the one that the environment names, else <c>appsettings.json</c> of the working
    /// directory, if that has a section for the relay.</param>
    /// <exception cref="CommandException">The file cannot be read, or a setting stands twice in one place.</exception>
    public IReadOnlyDictionary<string, Setting> Read(string? file)
    {
        Dictionary<string, Setting> found = new(StringComparer.OrdinalIgnoreCase);
        foreach (Setting setting in ReadFile(file ?? Variable(FileVariable)).Concat(ReadEnvironment()))
        {
            found[setting.Name] = setting;
        }

        return found;
    }

    private IEnumerable<Setting> ReadEnvironment()
    {
        // An empty variable is not set: Compose writes one for each that its own environment lacks.
        Dictionary<string, string?> variables = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string value) in environment.Where(
            variable => variable.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && variable.Value.Length > 0
                && !variable.Key.Equals(FileVariable, StringComparison.OrdinalIgnoreCase)))
        {
            if (!variables.TryAdd(name[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal), value))
            {
                throw new CommandException(DisplayText.Format($"{name} is set twice, in capitals and in small letters: remove one of them."));
            }
        }

        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(variables).Build();
        return configuration.GetChildren().SelectMany(child => Flatten(child, name => Prefix + name.Replace(":", "__", StringComparison.Ordinal)));
    }

    private static IEnumerable<Setting> ReadFile(string? path)
    {
        if (path is null && !File.Exists(DefaultFile))
        {
            return [];
        }

        string file = path ?? DefaultFile;
        IConfigurationSection section = Load(file).GetSection(Section);
        return section.GetChildren().Any() ? section.GetChildren().SelectMany(child => Flatten(child, name => $"{Section}:{name} in {file}"))
            : path is null ? []
            : throw new CommandException($"'{file}' has no settings: write them into an object \"{Section}\".");
    }

    private static IConfigurationRoot Load(string file)
    {
        if (!File.Exists(file))
        {
            throw new CommandException($"The settings file '{file}' is not there: name another by --config or {FileVariable}.");
        }

        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file)).Build();
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new CommandException($"'{file}' is not a settings file: {(e.InnerException ?? e).Message}");
        }
    }

    /// <summary>A value, a list, or what stands deeper than any setting does, by its whole name.</summary>
    /// <exception cref="CommandException">It is a value and a list at once.</exception>
    private static IEnumerable<Setting> Flatten(IConfigurationSection section, Func<string, string> source)
    {
        IConfigurationSection[] children = [.. section.GetChildren()];
        if (children.Length == 0)
        {
            // null in a file: not set.
            return section.Value is { } value ? [new(section.Key, [value], source(section.Key))] : [];
        }

        if (section.Value is not null)
        {
            throw new CommandException(DisplayText.Format(
                $"{source(section.Key)} and {source($"{section.Key}:{children[0].Key}")} are one setting: give one value, or a list."));
        }

        return children.All(child => child.Value is not null && int.TryParse(child.Key, out _))
            ? [new(section.Key, [.. children.Select(child => child.Value!)], source(section.Key))]
            : children.Select(child => new Setting($"{section.Key}:{child.Key}", [child.Value ?? ""], source($"{section.Key}:{child.Key}")));
    }

    private string? Variable(string name) =>
        environment.FirstOrDefault(variable => variable.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is { Length: > 0 } value
            ? value
            : null;
}
