using System.CommandLine;
using System.Globalization;

namespace Relay.Server.Cli;

/// <summary>The options of a command that lists: each is a filter of the route.</summary>
internal sealed class ListFilters
{
    private readonly List<(Option Option, string Parameter, Func<ParseResult, IEnumerable<string>> Read)> _filters = [];

    /// <summary>A text, which may be repeated where the route takes it more than once.</summary>
    public void AddTexts(string option, string parameter, string description, string helpName)
    {
        Option<string[]> texts = new(option) { Description = description, HelpName = helpName };
        _filters.Add((texts, parameter, parsed => parsed.GetValue(texts) ?? []));
    }

    public void AddText(string option, string parameter, string description, string helpName)
    {
        Option<string?> text = new(option) { Description = description, HelpName = helpName };
        _filters.Add((text, parameter, parsed => parsed.GetValue(text) is { } value ? [value] : []));
    }

    public void AddNumber(string option, string parameter, string description)
    {
        Option<int?> number = NumberOption.CreateOptional(option, description, 0, int.MaxValue, "number");
        _filters.Add((
            number, parameter, parsed => parsed.GetValue(number) is { } value ? [value.ToString(CultureInfo.InvariantCulture)] : []));
    }

    /// <summary>One of a few words.</summary>
    public void AddWord(string option, string parameter, string description, params string[] words)
    {
        Option<string?> word = new(option) { Description = $"{description} One of {string.Join(", ", words)}.", HelpName = parameter };
        word.AcceptOnlyFromAmong(words);
        _filters.Add((word, parameter, parsed => parsed.GetValue(word) is { } value ? [value] : []));
    }

    public void AddInstant(string option, string parameter, string description)
    {
        Option<DateTimeOffset?> instant = InstantOption.Create(option, description);
        _filters.Add((instant, parameter, parsed => parsed.GetValue(instant) is { } value ? [Format(value)] : []));
    }

    public IReadOnlyList<Option> Options => [.. _filters.Select(filter => filter.Option)];

    public bool AreGiven(ParseResult parsed) => _filters.Exists(filter => filter.Read(parsed).Any());

    public void AddTo(Command command)
    {
        foreach (var filter in _filters)
        {
            command.Options.Add(filter.Option);
        }
    }

    /// <summary>The path of the list with the filters that were given.</summary>
    public string ToPath(ParseResult parsed, string path)
    {
        string query = string.Join('&', _filters.SelectMany(
            filter => filter.Read(parsed).Select(value => $"{filter.Parameter}={Uri.EscapeDataString(value)}")));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    private static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
