using System.CommandLine;
using System.Globalization;
using Relay.Training.Recipes.Reputation;
using Shared.Contracts;

namespace Relay.Server.Cli.Recipes;

/// <summary>The lists that the rows of <c>ip-reputation</c> are made of.</summary>
internal sealed class ReputationOptions
{
    private const int MaxNameLength = 40;

    private readonly Option<string[]> _bad = Files(
        "--bad", "A list of bad addresses, the newest there is: text or JSON, plain or gzip; may be repeated.");

    private readonly Option<string[]> _older = Files(
        "--older", "An earlier list of bad addresses: the model learns from it, and is measured on what only the newest has; may be repeated.");

    private readonly Option<string[]> _allow = Files("--allow", "A list of addresses that are never bad, whatever other lists say; may be repeated.");

    private readonly Option<string[]> _known = new("--known")
    {
        Description = "A list of addresses that are likely benign, as NAME=FILE: the model is measured on them; may be repeated.",
        HelpName = "name=file",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<int> _minimumCount = new("--min-count")
    {
        Description = "Entries that fewer blocklists name are left out, by the number behind each entry.",
        HelpName = "count",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<string> _baseRate = new("--base-rate")
    {
        Description = "The share of bad addresses among those that the model is asked about and no list has: 0.00002 to 0.5.",
        HelpName = "share",
        DefaultValueFactory = _ => "0.01",
    };

    public IReadOnlyList<Option> All => [_bad, _older, _allow, _known, _minimumCount, _baseRate];

    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }

    /// <exception cref="CommandException">There is no list of bad addresses, or a value is not good.</exception>
    public ReputationSources Read(ParseResult parsed)
    {
        if (parsed.GetValue(_bad)!.Length == 0)
        {
            throw new CommandException("the rows of ip-reputation are made of lists: name one at least by --bad FILE");
        }

        (string Name, string Path)[] known = [.. parsed.GetValue(_known)!.Select(ReadKnown)];
        if (known.GroupBy(k => k.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new CommandException(DisplayText.Format($"--known: the name '{twice.Key}' is given twice"));
        }

        return new ReputationSources
        {
            Bad = parsed.GetValue(_bad)!,
            Older = parsed.GetValue(_older)!,
            Allow = parsed.GetValue(_allow)!,
            Known = known,
            MinimumCount = parsed.GetValue(_minimumCount),
            BaseRate = double.TryParse(parsed.GetValue(_baseRate), NumberStyles.Float, CultureInfo.InvariantCulture, out double rate)
                ? rate
                : throw new CommandException(DisplayText.Format($"--base-rate: got '{parsed.GetValue(_baseRate)}', expected a share such as 0.01")),
        };
    }

    private static (string Name, string Path) ReadKnown(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? "" : text[..equals];
        return RelayName.IsValid(name) && name.Length <= MaxNameLength
            ? (name, text[(equals + 1)..])
            : throw new CommandException(DisplayText.Format(
                $"--known: got '{text}', expected NAME=FILE, the name of {RelayName.Rule} and at most {MaxNameLength} characters"));
    }

    private static Option<string[]> Files(string name, string description) =>
        new(name) { Description = description, HelpName = "file", DefaultValueFactory = _ => [] };
}
