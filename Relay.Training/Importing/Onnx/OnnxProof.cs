using Relay.Training.Importing.Proof;

namespace Relay.Training.Importing.Onnx;

/// <summary>Answers of the source graph by itself, as a reference for the file that is made of it.</summary>
/// <param name="bound">Per feature of the source, the column of the schema.</param>
/// <param name="classes">The labels of the file in the order of its probabilities; null where it has none.</param>
internal sealed class OnnxProof(
    SourceSession session, int[] bound, IReadOnlyList<string>? classes, IReadOnlyList<(int Feature, float Threshold)> thresholds, bool isClassifier)
    : ISourceProof, IDisposable
{
    // The same kernels; a source in double differs by the rounding of its answers.
    private const double Tolerance = 1e-6;
    private const int Beside = 2;

    public long Thresholds => thresholds.Count;

    public long RoundedThresholds => 0;

    /// <summary>A graph may have no finite answer to a missing value.</summary>
    public bool IsTotal => false;

    // The trees were not converted.
    public long RequireTrees(IReadOnlyList<float[]> baseRows, Action<long>? done, CancellationToken cancellationToken) => 0;

    public IReadOnlyList<float[]> RowsAtThresholds(IReadOnlyList<float[]> baseRows, int atMost)
    {
        const int PerThreshold = (2 * Beside) + 2;
        int taken = Math.Min(thresholds.Count, atMost / PerThreshold);
        List<float[]> rows = [];
        for (int i = 0; i < taken; i++)
        {
            (int feature, float threshold) = thresholds[(int)((long)i * thresholds.Count / taken)];
            float value = threshold;
            for (int down = 0; down < Beside; down++)
            {
                value = MathF.BitDecrement(value);
            }

            for (int n = 0; n <= 2 * Beside; n++, value = MathF.BitIncrement(value))
            {
                rows.Add(With(baseRows[i % baseRows.Count], bound[feature], value));
            }

            rows.Add(With(baseRows[i % baseRows.Count], bound[feature], float.NaN));
        }

        return rows;
    }

    public IReadOnlyList<SourceAnswer> Answer(IReadOnlyList<float[]> rows, CancellationToken cancellationToken)
    {
        (double[] values, int width, string[] labels) = session.Run([.. rows.Select(row => Array.ConvertAll(bound, column => row[column]))]);
        return
        [
            .. rows.Select((_, r) => new SourceAnswer(Complete(values.AsSpan(r * width, width)), Tolerance)
            {
                Label = labels.Length > 0 && classes is not null && IndexOf(labels[r]) is >= 0 and var index ? index : null,
            }),
        ];
    }

    public void Dispose() => session.Dispose();

    private int IndexOf(string label)
    {
        int index = classes!.Count - 1;
        while (index >= 0 && classes[index] != label)
        {
            index--;
        }

        return index;
    }

    // One probability is that of the second class.
    private double[] Complete(ReadOnlySpan<double> values) => isClassifier && values.Length == 1 ? [1 - values[0], values[0]] : values.ToArray();

    private static float[] With(float[] row, int column, float value)
    {
        float[] changed = [.. row];
        changed[column] = value;
        return changed;
    }
}
