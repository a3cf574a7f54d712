using Relay.Training.Ensembles;

namespace Relay.TestKit.Models;

/// <summary>Full trees with random splits and leaves: nothing learnt, all of the shape and cost of the real thing.</summary>
public static class RandomEnsemble
{
    public const int CategoryCodes = 3;

    /// <summary>Tree i adds to the score of class i modulo <paramref name="classes"/>.</summary>
    /// <param name="categories">The first so many features are codes below <see cref="CategoryCodes"/>.</param>
    public static TreeEnsemble Create(int features, int classes, int trees, int depth, int seed, int categories = 0)
    {
        Random random = new(seed);
        return new TreeEnsemble(
            features, classes, [.. Enumerable.Range(0, trees).Select(i => Grow(i % classes))], new float[classes], Link.Softmax);

        Tree Grow(int output)
        {
            int inner = (1 << depth) - 1;
            int nodes = (2 << depth) - 1;
            int[] feature = [.. Enumerable.Range(0, nodes).Select(n => n < inner ? random.Next(features) : -1)];
            return new Tree
            {
                Feature = feature,
                Threshold = [.. feature.Select(f => f < categories
                    ? random.Next(CategoryCodes) + 0.5f
                    : random.NextSingle())],
                Left = [.. Enumerable.Range(0, nodes).Select(n => n < inner ? 2 * n + 1 : n - inner)],
                Right = [.. Enumerable.Range(0, nodes).Select(n => n < inner ? 2 * n + 2 : 0)],
                MissingLeft = [.. Enumerable.Range(0, nodes).Select(_ => random.Next(2) == 0)],
                Output = output,
                LeafValues = [.. Enumerable.Range(0, inner + 1).Select(_ => random.NextSingle() - 0.5f)],
            };
        }
    }
}
