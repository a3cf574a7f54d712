using Relay.Training.Trees;

namespace Relay.TestKit.Models;

/// <summary>Full trees with random splits and leaves: nothing learnt, all of the shape and cost of the real thing.</summary>
public static class RandomEnsemble
{
    public const int CategoryCodes = 3;

    /// <summary>Full trees; tree i adds to the score of class i modulo <paramref name="classes"/>.</summary>
    /// <param name="categories">The first so many features are codes below <see cref="CategoryCodes"/>.</param>
    /// <param name="thresholds">Different thresholds of a feature, as binning leaves them; null: no two are alike.</param>
    public static TreeEnsemble Create(
        int features, int classes, int trees, int depth, int seed, int categories = 0, int? thresholds = null)
    {
        int inner = (1 << depth) - 1;
        int[] left = [.. Enumerable.Range(0, (2 << depth) - 1).Select(n => n < inner ? 2 * n + 1 : n - inner)];
        int[] right = [.. Enumerable.Range(0, (2 << depth) - 1).Select(n => n < inner ? 2 * n + 2 : 0)];
        return Create(features, classes, trees, seed, categories, thresholds, _ => (left, right));
    }

    /// <summary>Trees of a number of leaves, each made by splitting some leaf of the tree so far.</summary>
    public static TreeEnsemble LeafWise(int features, int classes, int trees, int leaves, int seed, int? thresholds = null) =>
        Create(features, classes, trees, seed, 0, thresholds, random =>
        {
            int[] left = new int[(2 * leaves) - 1];
            int[] right = new int[left.Length];
            List<int> open = [0];
            for (int next = 1; next < left.Length; next += 2)
            {
                int split = open[random.Next(open.Count)];
                open.Remove(split);
                (left[split], right[split]) = (next, next + 1);
                open.AddRange([next, next + 1]);
            }

            for (int i = 0; i < open.Count; i++)
            {
                left[open[i]] = i;
            }

            return (left, right);
        });

    private static TreeEnsemble Create(
        int features, int classes, int trees, int seed, int categories, int? thresholds, Func<Random, (int[] Left, int[] Right)> shape)
    {
        Random random = new(seed);
        return new TreeEnsemble(
            features, classes, [.. Enumerable.Range(0, trees).Select(i => Grow(i % classes))], new float[classes], Link.Softmax);

        Tree Grow(int output)
        {
            (int[] left, int[] right) = shape(random);
            int[] feature = [.. right.Select(child => child > 0 ? random.Next(features) : -1)];
            return new Tree
            {
                Feature = feature,
                Threshold = [.. feature.Select(f => f < categories ? random.Next(CategoryCodes) + 0.5f : Threshold())],
                Left = left,
                Right = right,
                MissingLeft = [.. feature.Select(_ => random.Next(2) == 0)],
                Output = output,
                LeafValues = [.. feature.Where(f => f < 0).Select(_ => random.NextSingle() - 0.5f)],
            };
        }

        float Threshold() => thresholds is { } count ? (random.Next(count) + 0.5f) / count : random.NextSingle();
    }
}
