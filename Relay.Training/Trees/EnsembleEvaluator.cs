using Shared.Platform.Threads;

namespace Relay.Training.Trees;

/// <summary>Scores rows straight from the trees, the way ONNX Runtime on one thread scores the exported graph: raw scores are
/// the same bits; a link may differ by the last bits of its exponential. This is the reference that parity is proved against.</summary>
public sealed class EnsembleEvaluator(TreeEnsemble ensemble, int? threads = null)
{
    private const int RowsPerBlock = 512;
    private readonly FlatForest _forest = new(ensemble);

    /// <summary>Answers per row: a probability for each class, or one number, or one anomaly score.</summary>
    public int ClassCount { get; } = ensemble.Link == Link.Sigmoid ? 2 : ensemble.OutputCount;

    /// <summary>Scores encoded rows.</summary>
    /// <param name="columns">One array per feature, a value per row; NaN is a missing value.</param>
    /// <returns>Row after row, one probability per class, or one number or anomaly score per row.</returns>
    public float[] Probabilities(float[][] columns, CancellationToken cancellationToken = default)
    {
        if (columns.Length != ensemble.FeatureCount)
        {
            throw new ArgumentException($"Expected {ensemble.FeatureCount} columns, got {columns.Length}.", nameof(columns));
        }

        int rows = columns[0].Length;
        float[] probabilities = new float[checked(rows * ClassCount)];
        ParallelOptions options = ParallelWork.CreateOptions(threads ?? Environment.ProcessorCount, cancellationToken);
        Parallel.For(0, (rows + RowsPerBlock - 1) / RowsPerBlock, options, block =>
        {
            float[] row = new float[columns.Length];
            float[] scores = new float[ensemble.OutputCount];
            for (int r = block * RowsPerBlock; r < Math.Min(rows, (block + 1) * RowsPerBlock); r++)
            {
                for (int f = 0; f < row.Length; f++)
                {
                    row[f] = columns[f][r];
                }

                _forest.Score(row, scores);
                Apply(ensemble.Link, scores, probabilities.AsSpan(r * ClassCount, ClassCount));
            }
        });
        return probabilities;
    }

    /// <summary>Per row, the class with the highest probability, the first one on a tie.</summary>
    /// <param name="probabilities">What <see cref="Probabilities"/> returned.</param>
    public static int[] Labels(ReadOnlySpan<float> probabilities, int classCount)
    {
        int[] labels = new int[probabilities.Length / classCount];
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> p = probabilities.Slice(row * classCount, classCount);
            for (int k = 1; k < classCount; k++)
            {
                if (p[k] > p[labels[row]])
                {
                    labels[row] = k;
                }
            }
        }

        return labels;
    }

    private static void Apply(Link link, ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        switch (link)
        {
            case Link.Softmax:
                Softmax.Apply(scores, probabilities);
                break;
            case Link.Sigmoid:
                float p = 1 / (1 + MathF.Exp(-scores[0]));
                probabilities[0] = 1 - p;
                probabilities[1] = p;
                break;
            case Link.OneVersusAll:
                OneVersusAll.Apply(scores, probabilities);
                break;
            case Link.PathLength:
                probabilities[0] = -MathF.Pow(2, scores[0]);
                break;
            case Link.None:
                scores.CopyTo(probabilities);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(link), link, null);
        }
    }
}
