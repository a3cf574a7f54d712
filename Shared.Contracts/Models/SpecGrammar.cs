using System.Text.RegularExpressions;
using Shared.Contracts.Json;

namespace Shared.Contracts.Models;

/// <summary>The allowed values of every member of a spec, in words, for the messages of the parser and the rules.</summary>
internal static partial class SpecGrammar
{
    public const string Spec =
        "an object with name, task, algorithm, columns and optionally label, csv, parameters, tune, budget, weights, gates, fairness, samples, " +
        "engine, twoPeople";
    public const string Name = RelayName.Rule + ", a hyphen neither first nor last";
    public const string Columns =
        "a list of at most 100,000 columns: at least one of type number or category, one of type label (anomaly-detection and scaling do without), "
        + "at most one of type weight and one of type time";
    public const string ColumnName =
        "1 to 256 characters without control characters, line breaks and bidirectional overrides, unlike every other column";
    public const string ColumnType = "number, category, label, weight, time or ignore";
    public const string Groups = "class names, each with a list of raw values, none of them in two classes; two classes or none";
    public const string Benign = "a class that groups names";
    public const string Delimiter = "one printable ASCII character or a tab, but no quote";

    private static readonly Dictionary<string, string> Table = WithParameters(new(StringComparer.Ordinal)
    {
        ["$"] = Spec,
        ["$.name"] = Name,
        ["$.task"] = "classification, regression, anomaly-detection or scaling",
        ["$.algorithm"] = "random-forest, gradient-boosting or imported for classification and regression, isolation-forest for " +
            "anomaly-detection, standard-scaler for scaling",
        ["$.columns"] = Columns,
        ["$.columns[]"] = "an object with name, type and optionally required and encoding",
        ["$.columns[].name"] = ColumnName,
        ["$.columns[].type"] = ColumnType,
        ["$.columns[].required"] = "true or false, for columns of type number or category",
        ["$.columns[].encoding"] = "frequency, target, count or lookup, for columns of type category; target for classification and " +
            "regression, count for classification with label.benign, lookup for gradient-boosting of the managed engine with classes",
        ["$.label"] = "an object with any of groups, benign, mergeSpellings",
        ["$.label.groups"] = Groups,
        ["$.label.benign"] = Benign,
        ["$.label.mergeSpellings"] = "true or false",
        ["$.gates"] = "an object: name of a gate to an object with any of warn and fail, numbers from 0, and columns, a list of names",
        ["$.fairness"] = $"a list of at most {FairnessRules.MaxColumns} different columns of type number, category or ignore; not for scaling",
        ["$.samples"] = "an object with dataset and columns: what nodes that run the model may send",
        ["$.samples.dataset"] = Name,
        ["$.samples.columns"] = "a list of different columns of type number or category, at least one",
        ["$.csv"] = "an object with any of header, delimiter, missing, percent, lists",
        ["$.csv.missing"] = CellFormRules.MissingExpected,
        ["$.csv.percent"] = "a list of columns of type number",
        ["$.csv.lists"] = "an object: name of a column of type number or category to an object with take and optionally separator",
        ["$.csv.lists.take"] = "first, last or count; for columns of type number also min, max or mean; for those of type category not count",
        ["$.csv.lists.separator"] = "one printable ASCII character, other than the delimiter, a quote, a digit, a point, a sign or a letter",
        ["$.csv.header"] = "true or false",
        ["$.csv.delimiter"] = Delimiter,
        ["$.twoPeople"] = "true or false: whether another person than the one who trains has to approve",
        ["$.tune"] = "an object with minutes, candidates or both, for random-forest and gradient-boosting of the managed engine",
        ["$.tune.minutes"] = "a number above 0, at most 10,080",
        ["$.tune.candidates"] = "a whole number from 1 to 1,000",
        ["$.budget"] = "an object with any of maxBytes, maxMicroseconds, maxQualityLoss, for random-forest, gradient-boosting and isolation-forest " +
            "of the managed engine; isolation-forest with a column of type label; no column that is counted or looked up",
        ["$.budget.maxBytes"] = "a whole number from 1,000 to 1,073,741,824",
        ["$.budget.maxMicroseconds"] = "a number above 0, at most 1,000,000",
        ["$.budget.maxQualityLoss"] = "a number from 0 to 100: points of macro-F1 or AUC, percent of RMSE",
        ["$.engine"] = "the name of a training engine, such as managed",
        ["$.weights"] = "an object with any of balanced, classes, age; balanced and classes for classification only, and not both",
        ["$.weights.balanced"] = "true or false",
        ["$.weights.classes"] = "an object: class name to a number above 0, at most 1,000,000",
        ["$.weights.age"] =
            "an object with any of recentDays, recentFactor, decayDays, least, oldestDays: numbers above 0, with a column of type time",
    });

    private static readonly string[] NamedBySpec = ["$.label.groups.", "$.weights.classes.", "$.parameters.monotone.", "$.gates.", "$.csv.lists."];

    /// <summary>The allowed values at a path; where the table has none, those of the nearest value around it.</summary>
    public static string Expected(string path)
    {
        string pattern = Pattern(path);
        string? words;
        while (!Table.TryGetValue(pattern, out words))
        {
            pattern = JsonPath.Parent(pattern);
        }

        return words;
    }

    /// <summary>Whether a spec may have a member at the path. The spec itself names classes and columns.</summary>
    public static bool Knows(string path) =>
        Table.ContainsKey(Pattern(path)) || NamedBySpec.Any(at => path.StartsWith(at, StringComparison.Ordinal));

    private static Dictionary<string, string> WithParameters(Dictionary<string, string> table)
    {
        table["$.parameters"] = $"an object with any of {string.Join(", ", ParameterTable.All.Select(p => p.Name))}";
        foreach (ParameterDefinition parameter in ParameterTable.All)
        {
            foreach (string name in parameter.OlderNames.Prepend(parameter.Name))
            {
                table[$"$.parameters.{name}"] = parameter.Expected;
            }
        }

        return table;
    }

    private static string Pattern(string path) => Index().Replace(path, "[]");

    [GeneratedRegex(@"\[[0-9]+\]")]
    private static partial Regex Index();
}
