using System.Text.RegularExpressions;
using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Importing;

/// <summary>Which column of the spec each feature of a file is: by name where the file has names, by position where it has none.</summary>
internal static partial class FeatureBinding
{
    /// <param name="takesTexts">Whether the file may say what the texts of a category are to the model.</param>
    /// <returns>Per feature of the file, the index among the spec's features.</returns>
    /// <exception cref="TrainingException">With InvalidSpec: numbers or names do not match, or a feature is no number.</exception>
    public static int[] Bind(ModelSpec spec, int count, IReadOnlyList<string>? names, bool takesTexts)
    {
        ColumnSpec[] columns = [.. spec.Features];
        if (!takesTexts && columns.FirstOrDefault(c => c.Type is ColumnType.Category) is { } text)
        {
            throw Refuse(
                $"column '{text.Name}' has the type category: graphs take numbers; encode the texts to numbers, " +
                    $"as the model was trained on them");
        }

        if (columns.Length != count)
        {
            throw Refuse($"{columns.Length} columns that are features, and the model reads {count} features{Listed(names)}");
        }

        if (names is null || names.Count != count || names.All(n => Generated().IsMatch(n)))
        {
            return [.. Enumerable.Range(0, count)];
        }

        Dictionary<string, int> indexOf = columns.Select((c, i) => (c.Name, i)).ToDictionary(c => c.Name, c => c.i, StringComparer.Ordinal);
        int[] bound = new int[count];
        for (int f = 0; f < count; f++)
        {
            if (!indexOf.Remove(names[f], out bound[f]))
            {
                throw Refuse($"the model's feature {f}, '{names[f]}', is no column that is a feature, or is named twice; it reads{Listed(names)}");
            }
        }

        return bound;
    }

    private static string Listed(IReadOnlyList<string>? names) => names is null ? "" : $" {DataErrors.List(names)}";

    private static TrainingException Refuse(string why) => new(TrainingFault.InvalidSpec, $"spec, columns: {why}");

    // What XGBoost, LightGBM and scikit-learn call a feature without a name.
    [GeneratedRegex("^(f|x|Column_)[0-9]+$")]
    private static partial Regex Generated();
}
