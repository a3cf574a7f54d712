using System.Text.RegularExpressions;

namespace Shared.Contracts.Models;

/// <summary>What may stand where in a spec, in words; one table for the parser and the rules, so both say the same.</summary>
internal static partial class SpecGrammar
{
    public const string Spec = "an object with name, task, algorithm, columns and optionally label, csv, parameters, engine";
    public const string Name = "1 to 64 lower-case letters, digits and hyphens, a hyphen neither first nor last";
    public const string Columns = "a list of 2 to 10,000 columns, one of type label and at least one of type number or category";
    public const string ColumnName = "1 to 256 characters without control characters, unlike every other column";
    public const string ColumnType = "number, category, label or ignore";
    public const string Groups = "class names, each with a list of raw values, none of them in two classes; two classes or none";
    public const string Benign = "a class that groups names";
    public const string Delimiter = "one printable ASCII character or a tab, but no quote";

    private static readonly Dictionary<string, string> Table = new(StringComparer.Ordinal)
    {
        ["$"] = Spec,
        ["$.name"] = Name,
        ["$.task"] = "classification",
        ["$.algorithm"] = "random-forest or gradient-boosting",
        ["$.columns"] = Columns,
        ["$.columns[]"] = "an object with name and type",
        ["$.columns[].name"] = ColumnName,
        ["$.columns[].type"] = ColumnType,
        ["$.label"] = "an object with groups and benign, both optional",
        ["$.label.groups"] = Groups,
        ["$.label.benign"] = Benign,
        ["$.csv"] = "an object with header and delimiter, both optional",
        ["$.csv.header"] = "true or false",
        ["$.csv.delimiter"] = Delimiter,
        ["$.engine"] = "the name of a training engine, such as managed",
        ["$.parameters"] =
            "an object with any of trees, depth, learningRate, minSamplesLeaf, minSamplesSplit, minChildWeight, l2, columnShare, seed",
        ["$.parameters.trees"] = "a whole number from 1 to 10,000",
        ["$.parameters.depth"] = "a whole number from 1 to 64",
        ["$.parameters.learningRate"] = "a number above 0, at most 1",
        ["$.parameters.minSamplesLeaf"] = "a whole number from 1 to 1,000,000,000",
        ["$.parameters.minSamplesSplit"] = "a whole number from 2 to 1,000,000,000",
        ["$.parameters.minChildWeight"] = "a number from 0 to 1,000,000,000",
        ["$.parameters.l2"] = "a number from 0 to 1,000,000,000",
        ["$.parameters.columnShare"] = "a number above 0, at most 1",
        ["$.parameters.seed"] = "a whole number from 0 to 18,446,744,073,709,551,615",
    };

    /// <summary>The words for a path; those of the nearest place around it where it has none of its own.</summary>
    public static string Expected(string path)
    {
        string pattern = Pattern(path);
        string? words;
        while (!Table.TryGetValue(pattern, out words))
        {
            pattern = Parent(pattern);
        }

        return words;
    }

    /// <summary>Whether a member may stand there; the classes of groups are named by the spec itself.</summary>
    public static bool Knows(string path) =>
        Table.ContainsKey(Pattern(path)) || path.StartsWith("$.label.groups.", StringComparison.Ordinal);

    /// <summary>The path of the value around a value.</summary>
    public static string Parent(string path)
    {
        int cut = Math.Max(path.LastIndexOf('.'), path.LastIndexOf('['));
        return cut <= 0 ? "$" : path[..cut];
    }

    private static string Pattern(string path) => Index().Replace(path, "[]");

    [GeneratedRegex(@"\[[0-9]+\]")]
    private static partial Regex Index();
}
