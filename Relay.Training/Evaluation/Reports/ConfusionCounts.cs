using Shared.Contracts.Models;

namespace Relay.Training.Evaluation.Reports;

/// <summary>Rows by their class and by the predicted one.</summary>
internal sealed class ConfusionCounts
{
    /// <summary>Classes that a card shows one by one.</summary>
    public const int MaxShown = 20;

    private readonly IReadOnlyList<string> _classes;
    private readonly Dictionary<(int Truth, int Answer), long> _rows;

    public ConfusionCounts(IReadOnlyList<string> classes, int[] truth, int[] answers)
    {
        _classes = classes;
        _rows = truth.Zip(answers).CountBy(pair => pair).ToDictionary(p => p.Key, p => (long)p.Value);
    }

    /// <summary>The classes with most errors, then those with most rows; in the order of the schema.</summary>
    public int[] FindConfused()
    {
        long[] errors = new long[_classes.Count];
        long[] support = new long[_classes.Count];
        foreach (((int truth, int answer), long rows) in _rows)
        {
            support[truth] += rows;
            errors[truth] += truth == answer ? 0 : rows;
            errors[answer] += truth == answer ? 0 : rows;
        }

        return
        [
            .. Enumerable.Range(0, _classes.Count).OrderByDescending(k => errors[k]).ThenByDescending(k => support[k]).ThenBy(k => k).Take(MaxShown)
                .Order(),
        ];
    }

    /// <param name="shown">The classes with a row and a column of their own.</param>
    public ConfusionMatrix ToMatrix(int[] shown)
    {
        int size = shown.Length + (shown.Length < _classes.Count ? 1 : 0);
        long[][] matrix = [.. Enumerable.Range(0, size).Select(_ => new long[size])];
        foreach (((int truth, int answer), long rows) in _rows)
        {
            matrix[PlaceOf(truth)][PlaceOf(answer)] += rows;
        }

        return new ConfusionMatrix([.. shown.Select(k => _classes[k])], matrix);

        int PlaceOf(int k) => Array.BinarySearch(shown, k) is >= 0 and int place ? place : shown.Length;
    }
}
