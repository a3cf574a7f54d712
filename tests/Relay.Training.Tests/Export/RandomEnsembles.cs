using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Trees;

namespace Relay.Training.Tests.Export;

/// <summary>Ensembles and rows that are random but always the same, with thresholds that rows hit exactly.</summary>
internal static class RandomEnsembles
{
    /// <summary>Values that rows and thresholds are both drawn from, so that equality is common.</summary>
    private static readonly float[] Values =
        [-0f, 0f, 1f, -1f, 0.5f, 0.1f, -3.25f, 1e-40f, 1e30f, float.MaxValue, float.MinValue, MathF.BitIncrement(1f), 7f];

    public static TreeEnsemble Make(int seed, int features, int classes, Link link, int trees, int depth)
    {
        Random random = new(seed);
        int outputs = link is Link.Sigmoid ? 1 : classes;
        Tree[] made = [.. Enumerable.Range(0, trees).Select(t => Grow(random, features, link is Link.None ? -1 : t % outputs, outputs, depth))];
        float[] bases = link is Link.None ? new float[outputs] : [.. Enumerable.Range(0, outputs).Select(_ => Weight(random))];
        return new TreeEnsemble(features, outputs, made, bases, link);
    }

    /// <summary>Rows of the values above, of infinities and of missing values, as one array per column.</summary>
    public static float[][] Columns(int seed, int features, int rows)
    {
        Random random = new(seed);
        float[][] columns = [.. Enumerable.Range(0, features).Select(_ => new float[rows])];
        foreach (float[] column in columns)
        {
            for (int row = 0; row < rows; row++)
            {
                column[row] = random.Next(12) switch
                {
                    0 => float.NaN,
                    1 => float.PositiveInfinity,
                    2 => float.NegativeInfinity,
                    _ => Values[random.Next(Values.Length)],
                };
            }
        }

        return columns;
    }

    public static FeatureEncoding[] NumberEncodings(int features) =>
        [.. Enumerable.Range(0, features).Select(i => new FeatureEncoding($"f{i}", null))];

    public static string[] Classes(int count) => [.. Enumerable.Range(0, count).Select(i => $"class-{i}")];

    private static Tree Grow(Random random, int features, int output, int outputs, int depth)
    {
        List<int> feature = [];
        List<float> threshold = [];
        List<int> left = [];
        List<int> right = [];
        List<bool> missingLeft = [];
        List<float> leaves = [];
        Node(depth);
        return new Tree
        {
            Feature = [.. feature],
            Threshold = [.. threshold],
            Left = [.. left],
            Right = [.. right],
            MissingLeft = [.. missingLeft],
            Output = output,
            LeafValues = [.. leaves],
        };

        int Node(int levels)
        {
            int at = feature.Count;
            bool isLeaf = levels == 0 || random.Next(5) == 0;
            feature.Add(isLeaf ? -1 : random.Next(features));
            threshold.Add(isLeaf ? 0 : Values[random.Next(Values.Length)]);
            missingLeft.Add(!isLeaf && random.Next(2) == 0);
            left.Add(0);
            right.Add(0);
            if (isLeaf)
            {
                int width = output < 0 ? outputs : 1;
                left[at] = leaves.Count / width;
                leaves.AddRange(Enumerable.Range(0, width).Select(_ => random.Next(3) == 0 ? 0 : Weight(random)));
            }
            else
            {
                left[at] = Node(levels - 1);
                right[at] = Node(levels - 1);
            }

            return at;
        }
    }

    private static float Weight(Random random) => (float)((random.NextDouble() - 0.5) * 2);
}
