namespace Benchmarks.Quality;

/// <summary>The answers of one side on the tested rows of a set, and its figures over any choice of the rows.</summary>
internal sealed class SideScores
{
    // What float32 holds next to 1: a side that answers in double gets no credit for more.
    private const double LeastProbability = 1e-7;

    private readonly int _classes;
    private readonly int[] _labels;
    private readonly int[] _predicted;
    private readonly double[] _losses;
    private readonly float[][] _sorted;
    private readonly int[][] _order;

    /// <param name="labels">Of the tested rows.</param>
    /// <param name="probabilities">Row after row.</param>
    public SideScores(int[] labels, int classes, float[] probabilities)
    {
        (_classes, _labels) = (classes, labels);
        _predicted = new int[labels.Length];
        _losses = new double[labels.Length];
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> own = probabilities.AsSpan(row * classes, classes);
            double sum = 0;
            for (int k = 0; k < classes; k++)
            {
                sum += own[k];
                _predicted[row] = own[k] > own[_predicted[row]] ? k : _predicted[row];
            }

            _losses[row] = -Math.Log(Math.Clamp(own[labels[row]] / sum, LeastProbability, 1 - LeastProbability));
        }

        _sorted = new float[classes][];
        _order = new int[classes][];
        for (int k = 0; k < classes; k++)
        {
            _sorted[k] = [.. Enumerable.Range(0, labels.Length).Select(row => probabilities[(row * classes) + k])];
            _order[k] = [.. Enumerable.Range(0, labels.Length)];
            Array.Sort(_sorted[k], _order[k]);
        }
    }

    /// <param name="counts">How often each row counts.</param>
    public QualityFigures Measure(int[] counts) => new(MacroF1(counts), LogLoss(counts), Auc(counts));

    private double MacroF1(int[] counts)
    {
        long[] hits = new long[_classes];
        long[] involved = new long[_classes];
        for (int row = 0; row < counts.Length; row++)
        {
            involved[_labels[row]] += counts[row];
            involved[_predicted[row]] += counts[row];
            hits[_labels[row]] += _labels[row] == _predicted[row] ? counts[row] : 0;
        }

        return Enumerable.Range(0, _classes).Where(k => involved[k] > 0).Average(k => 2.0 * hits[k] / involved[k]);
    }

    private double LogLoss(int[] counts)
    {
        double sum = 0;
        long total = 0;
        for (int row = 0; row < counts.Length; row++)
        {
            sum += counts[row] * _losses[row];
            total += counts[row];
        }

        return sum / total;
    }

    // One class against all others, averaged over the classes; ties count half.
    private double Auc(int[] counts)
    {
        double sum = 0;
        int measured = 0;
        for (int k = 0; k < _classes; k++)
        {
            (float[] scores, int[] order) = (_sorted[k], _order[k]);
            long positives = 0;
            long negatives = 0;
            double halves = 0;
            for (int start = 0; start < scores.Length;)
            {
                int end = start;
                long tiedPositives = 0;
                long tiedNegatives = 0;
                for (; end < scores.Length && scores[end] == scores[start]; end++)
                {
                    int count = counts[order[end]];
                    tiedPositives += _labels[order[end]] == k ? count : 0;
                    tiedNegatives += _labels[order[end]] == k ? 0 : count;
                }

                halves += (double)tiedPositives * ((2 * negatives) + tiedNegatives);
                positives += tiedPositives;
                negatives += tiedNegatives;
                start = end;
            }

            if (positives > 0 && negatives > 0)
            {
                sum += halves / (2.0 * positives * negatives);
                measured++;
            }
        }

        return sum / measured;
    }
}
