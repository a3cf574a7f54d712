using Shared.Contracts.Models;
using Sync.Client.Scoring;

namespace Sync.Client.Updates.Shadow;

/// <summary>Translates between two versions by name: the rows of the active one become rows of the candidate, and their answers are compared class
/// by class. The order of inputs and of classes does not count.</summary>
internal sealed class AnswerMap
{
    private readonly int[] _numbers;
    private readonly int[] _categories;
    private readonly (int Active, int Candidate)[] _outputs;
    private readonly float[] _row;
    private readonly string[] _texts;

    private AnswerMap(int[] numbers, int[] categories, (int Active, int Candidate)[] outputs)
    {
        (_numbers, _categories, _outputs) = (numbers, categories, outputs);
        (_row, _texts) = (new float[numbers.Length], new string[categories.Length]);
    }

    /// <returns>Null where the candidate needs an input that the rows of the active version do not have, or has another task.</returns>
    public static AnswerMap? Create(ModelSchema active, ModelSchema candidate)
    {
        int[] numbers = FindSources(active, candidate, ColumnType.Number);
        int[] categories = FindSources(active, candidate, ColumnType.Category);
        return active.Task == candidate.Task && !numbers.Contains(-1) && !categories.Contains(-1)
            ? new AnswerMap(numbers, categories, FindOutputs(active, candidate))
            : null;
    }

    /// <summary>Scores a row of the active version with the candidate.</summary>
    public void Score(ModelScorer candidate, ShadowCall call, float[] outputs)
    {
        for (int i = 0; i < _row.Length; i++)
        {
            _row[i] = call.Numbers[_numbers[i]];
        }

        for (int i = 0; i < _texts.Length; i++)
        {
            _texts[i] = call.Categories[_categories[i]];
        }

        candidate.Score(_row, _texts, rows: 1, outputs);
    }

    /// <summary>The largest difference between two numbers of the same name; a class that one version lacks has probability 0 there.</summary>
    public double FindLargestDifference(float[] active, float[] candidate)
    {
        double largest = 0;
        foreach ((int a, int c) in _outputs)
        {
            // NaN on either side, which only scaling passes on, counts as no difference.
            double difference = Math.Abs((a < 0 ? 0d : active[a]) - (c < 0 ? 0d : candidate[c]));
            largest = difference > largest ? Math.Min(difference, float.MaxValue) : largest;
        }

        return largest;
    }

    private static int[] FindSources(ModelSchema active, ModelSchema candidate, ColumnType type)
    {
        List<string> present = NamesOf(active, type);
        return [.. NamesOf(candidate, type).Select(name => present.IndexOf(name))];
    }

    private static List<string> NamesOf(ModelSchema schema, ColumnType type) =>
        [.. schema.Inputs.Where(input => input.Type == type).Select(input => input.Name)];

    private static (int Active, int Candidate)[] FindOutputs(ModelSchema active, ModelSchema candidate)
    {
        List<string> before = OutputsOf(active);
        List<string> after = OutputsOf(candidate);
        return [.. before.Union(after, StringComparer.Ordinal).Select(name => (before.IndexOf(name), after.IndexOf(name)))];
    }

    private static List<string> OutputsOf(ModelSchema schema) => schema.Task switch
    {
        ModelTask.Classification => [.. schema.Classes],
        ModelTask.Scaling => [.. schema.Inputs.Select(input => input.Name)],
        _ => [schema.NumericOutput],
    };
}
