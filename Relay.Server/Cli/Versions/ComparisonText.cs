using System.Globalization;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Cli.Versions;

/// <summary>A comparison for people: a section for each kind of difference, and one line with all that is the same.</summary>
internal static class ComparisonText
{
    private const int ShownClasses = 20;
    private const int ShownLines = 20;
    private const int ShownCharacters = 60;
    private const int DigestCharacters = 12;
    private const string Missing = "-";

    public static IEnumerable<string> Lines(VersionComparison comparison)
    {
        string[] versions = [$"version {comparison.Version}", $"version {comparison.With}"];
        string[] head = [.. versions, "difference"];
        return
        [
            DisplayText.Format($"{comparison.Model} {comparison.Version} compared with {comparison.Model} {comparison.With}"),
            .. Test(comparison, head),
            .. Section("Size", Numbers(comparison.Sizes, head, Count)),
            .. Data("Training data", comparison.Train, versions, head),
            .. Data("Test data", comparison.Test, versions, head),
            .. Section("Columns", Cut(comparison.Columns.Select(column => Describe(column, comparison)))),
            .. Section(
                $"Schema: apps that were built for version {comparison.With} refuse version {comparison.Version}",
                Cut(comparison.SchemaDifferences.Select(Indent))),
            .. Section("Settings", Cut(Settings(comparison.Settings, versions))),
            .. Section("Importance, share of the gain", Numbers(comparison.Importance, head, Figure)),
            .. Section("Gates", comparison.Gates.SelectMany(gate => Describe(gate, comparison))),
            .. Same(comparison),
        ];
    }

    private static IEnumerable<string> Test(VersionComparison comparison, string[] head)
    {
        bool isComparable = comparison.NotComparable.Count == 0;
        yield return "";
        yield return isComparable
            ? DisplayText.Format($"Test, on the same {Count(comparison.Test.Version.Rows)} rows")
            : DisplayText.Format($"Test: NOT COMPARABLE, {string.Join("; ", comparison.NotComparable)}");
        ClassComparison[] shown = [.. comparison.Classes.Take(ShownClasses)];
        IEnumerable<NumberComparison> ofClasses = shown.SelectMany(IEnumerable<NumberComparison> (shownClass) =>
        [
            shownClass.Recall with { Name = $"recall of {shownClass.Name}" }, shownClass.Precision with { Name = $"precision of {shownClass.Name}" },
        ]);
        foreach (string line in Numbers([.. comparison.Figures, .. ofClasses], head, Figure))
        {
            yield return line;
        }

        if (comparison.Classes.Count + comparison.ClassesLeftOut - shown.Length is > 0 and int more)
        {
            yield return DisplayText.Format($"  and {more} more classes");
        }
    }

    private static IEnumerable<string> Data(string title, DataComparison data, string[] versions, string[] head) => data.Same
        ? []
        : Section(title,
        [
            .. new[] { data.Version, data.With }.Zip(versions, (facts, version) => DisplayText.Format(
                $"  {version}: {Count(facts.Rows)} rows of {DisplayText.Escape(facts.Source, ShownCharacters)}, SHA-256 {Short(facts.Sha256)}")),
            .. Numbers([.. data.ClassRows.Take(ShownClasses).Select(rows => rows with { Name = $"rows of {rows.Name}" })], head, Count),
        ]);

    private static IEnumerable<string> Settings(IReadOnlyList<SettingComparison> settings, string[] versions) => settings.Count == 0
        ? []
        : TextTable.Lines(["", .. versions], settings.Select(
            string[] (setting) => [setting.Name, setting.Version ?? "not given", setting.With ?? "not given"]));

    private static string Describe(ColumnComparison column, VersionComparison comparison) => DisplayText.Format(
        $"  {DisplayText.Escape(column.Name, ShownCharacters)}: {Describe(column.Version)} in version {comparison.Version}, " +
            $"{Describe(column.With)} in version {comparison.With}");

    private static string Describe(ColumnSpec? column) => column is null
        ? "missing"
        : $"{(column.Required ? "required " : "")}{column.Type.ToString().ToLowerInvariant()}"
            + (column.Encoding is { } encoding ? $" by {encoding.ToString().ToLowerInvariant()}" : "");

    private static IEnumerable<string> Describe(GateComparison gate, VersionComparison comparison) =>
    [
        DisplayText.Format($"  {gate.Name}"),
        DisplayText.Format($"    version {comparison.Version}: {Describe(gate.Version)}{(gate.Detail is null ? "" : $": {gate.Detail}")}"),
        DisplayText.Format($"    version {comparison.With}: {Describe(gate.With)}{(gate.WithDetail is null ? "" : $": {gate.WithDetail}")}"),
    ];

    private static string Describe(GateVerdict? verdict) => verdict switch
    {
        GateVerdict.Pass => "passed",
        GateVerdict.Warn => "warns",
        GateVerdict.Fail => "FAILED, accepted",
        GateVerdict.NotApplicable => "did not apply",
        _ => "there was no such gate",
    };

    private static IEnumerable<string> Same(VersionComparison comparison)
    {
        (string Name, bool IsSame)[] parts =
        [
            ("training data", comparison.Train.Same), ("test data", comparison.Test.Same), ("columns", comparison.Columns.Count == 0),
            ("schema", comparison.SchemaDifferences.Count == 0), ("settings", comparison.Settings.Count == 0),
            ("importance", comparison.Importance.Count == 0), ("verdicts of gates", comparison.Gates.Count == 0),
        ];
        return parts.Any(part => part.IsSame)
            ? ["", $"The same, or not measured: {string.Join(", ", parts.Where(part => part.IsSame).Select(part => part.Name))}"]
            : [];
    }

    private static IEnumerable<string> Section(string title, IEnumerable<string> lines)
    {
        string[] found = [.. lines];
        return found.Length == 0 ? [] : ["", title, .. found];
    }

    private static IEnumerable<string> Cut(IEnumerable<string> lines)
    {
        string[] found = [.. lines];
        return found.Length <= ShownLines
            ? found
            : [.. found.Take(ShownLines), DisplayText.Format($"  and {found.Length - ShownLines} more, which --json lists")];
    }

    private static IEnumerable<string> Numbers(IReadOnlyList<NumberComparison> pairs, string[] head, Func<double, string> format) => pairs.Count == 0
        ? []
        : TextTable.Lines(["", .. head], pairs.Select(string[] (pair) =>
        [
            pair.Name,
            pair.Version is { } version ? format(version) : Missing,
            pair.With is { } with ? format(with) : Missing,
            pair.Difference is { } difference ? $"{(difference > 0 ? "+" : "")}{format(difference)}" : Missing,
        ]));

    private static string Indent(string text) => DisplayText.Format($"  {text}");

    private static string Figure(double value) => value.ToString(Math.Abs(value) < 1000 ? "0.0000" : "#,0.0", CultureInfo.InvariantCulture);

    private static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Short(string digest) => digest.Length > DigestCharacters ? digest[..DigestCharacters] : digest;
}
