using Relay.Training.Data.Features;
using Relay.Training.Trees;

namespace Relay.Training.Models;

/// <summary>The columns that trees compare where features have indicators, computed for some rows at a time: there may be thousands.</summary>
internal sealed class IndicatorColumns
{
    private const int BlockRows = 512;

    /// <summary>Numbers of the rows that stand for all, 64 MB.</summary>
    private const int MaxSampled = 1 << 24;

    private readonly IReadOnlyList<FeatureEncoding> _encodings;
    private readonly EnsembleEvaluator[]?[] _evaluators;
    private readonly int _width;

    private IndicatorColumns(IReadOnlyList<FeatureEncoding> encodings)
    {
        _encodings = encodings;
        _evaluators = [.. encodings.Select(e => e.Indicators?.Select(trees => new EnsembleEvaluator(trees)).ToArray())];
        _width = encodings.Sum(e => e.ComparedWidth);
    }

    /// <returns>Null where no feature has indicators.</returns>
    public static IndicatorColumns? Create(IReadOnlyList<FeatureEncoding> encodings) =>
        encodings.Any(e => e.Indicators is not null) ? new IndicatorColumns(encodings) : null;

    /// <summary>The answers of an ensemble over these columns.</summary>
    /// <param name="columns">Encoded columns.</param>
    public float[] Score(EnsembleEvaluator evaluator, float[][] columns, CancellationToken cancellationToken)
    {
        int rows = columns[0].Length;
        float[] answers = new float[checked(rows * evaluator.ClassCount)];
        for (int start = 0; start < rows; start += BlockRows)
        {
            int[] block = [.. Enumerable.Range(start, Math.Min(BlockRows, rows - start))];
            evaluator.Probabilities(Compute(columns, block), cancellationToken).CopyTo(answers, start * evaluator.ClassCount);
        }

        return answers;
    }

    /// <summary>The columns of rows that are spread evenly.</summary>
    public float[][] Sample(float[][] columns)
    {
        int rows = columns[0].Length;
        int taken = Math.Min(rows, MaxSampled / _width);
        return Compute(columns, [.. Enumerable.Range(0, taken).Select(i => (int)((long)i * rows / taken))]);
    }

    /// <summary>A value of the feature at which a column of 0 and 1 changes; null for another column, and where it never does.</summary>
    public float? FindThreshold(int column)
    {
        foreach (FeatureEncoding encoding in _encodings)
        {
            foreach (TreeEnsemble indicators in encoding.Indicators ?? [])
            {
                if (column < indicators.OutputCount)
                {
                    Tree tree = indicators.Trees[column];
                    return tree.Feature[0] < 0 ? null : tree.Threshold[0];
                }

                column -= indicators.OutputCount;
            }

            if (encoding.Indicators is null && (column -= encoding.Width) < 0)
            {
                return null;
            }
        }

        return null;
    }

    private float[][] Compute(float[][] columns, int[] rows)
    {
        List<float[]> compared = [];
        int first = 0;
        for (int feature = 0; feature < _encodings.Count; feature++)
        {
            float[][] encoded = [.. Enumerable.Range(first, _encodings[feature].Width).Select(c => Array.ConvertAll(rows, row => columns[c][row]))];
            first += encoded.Length;
            compared.AddRange(_evaluators[feature] is { } evaluators
                ? evaluators.SelectMany(evaluator => Transpose(evaluator.Probabilities(encoded), evaluator.ClassCount))
                : encoded);
        }

        return [.. compared];
    }

    private static IEnumerable<float[]> Transpose(float[] values, int width) => Enumerable.Range(0, width).Select(column =>
    {
        float[] own = new float[values.Length / width];
        for (int row = 0; row < own.Length; row++)
        {
            own[row] = values[(row * width) + column];
        }

        return own;
    });
}
