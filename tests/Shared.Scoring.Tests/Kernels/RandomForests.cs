using Shared.Scoring.Trees;

namespace Shared.Scoring.Tests.Kernels;

/// <summary>Random forests of any shape from a seed, rows with values on thresholds, and a simple reference implementation.</summary>
internal sealed class RandomForests(int seed)
{
    private static readonly float[] Odd =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, float.MaxValue, float.MinValue,
    ];

    private readonly Random _random = new(seed);

    /// <param name="perTree">The maximum number of branches of a tree.</param>
    /// <param name="dense">Whether leaves have a value for each output.</param>
    /// <param name="values">The number of distinct thresholds of a column.</param>
    public TreeForest Forest(int trees, int features, int outputs, int depth, int perTree = int.MaxValue, bool dense = false, int values = 200)
    {
        float[][] grid = [.. Enumerable.Range(0, features).Select(_ => Grid(values))];
        return new TreeForest(
            features, outputs,
            [.. Enumerable.Range(0, trees).Select(t => Tree(grid, depth, perTree, dense ? -1 : t % outputs, dense ? outputs : 1))],
            [.. Enumerable.Range(0, outputs).Select(_ => Value())]);
    }

    /// <summary>Row after row: a third of the values on a threshold, a few special values, the rest random.</summary>
    public float[] Rows(TreeForest forest, int count)
    {
        float[][] thresholds =
        [
            .. Enumerable.Range(0, forest.FeatureCount).Select(f => forest.Trees
                .SelectMany(t => t.Threshold.Where((_, i) => t.Feature[i] == f)).DefaultIfEmpty(0f).ToArray()),
        ];
        float[] rows = new float[count * forest.FeatureCount];
        for (int i = 0; i < rows.Length; i++)
        {
            float[] own = thresholds[i % forest.FeatureCount];
            rows[i] = _random.Next(12) switch
            {
                0 => Odd[_random.Next(Odd.Length)],
                < 4 => own[_random.Next(own.Length)],
                4 => MathF.BitIncrement(own[_random.Next(own.Length)]),
                _ => Value(),
            };
        }

        return rows;
    }

    /// <summary>Leaf values in tree order, base values last, all in float32.</summary>
    public static float[] Scores(TreeForest forest, ReadOnlySpan<float> row)
    {
        float[] scores = new float[forest.OutputCount];
        foreach (ForestTree tree in forest.Trees)
        {
            int at = tree.Root;
            while (at >= 0)
            {
                float value = row[tree.Feature[at]];
                bool left = float.IsNaN(value) ? tree.MissingLeft[at] : value <= tree.Threshold[at];
                at = left ? tree.Left[at] : tree.Right[at];
            }

            for (int output = 0; output < scores.Length; output++)
            {
                scores[output] += tree.Output < 0 ? tree.LeafValues[(~at * scores.Length) + output]
                    : tree.Output == output ? tree.LeafValues[~at] : 0;
            }
        }

        return [.. scores.Zip(forest.BaseValues, (score, at) => score + at)];
    }

    private float Value() => (float)((_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-3, 4)));

    private float[] Grid(int values) =>
        [.. Enumerable.Range(0, values).Select(i => _random.Next(20) == 0 ? Odd[1 + _random.Next(Odd.Length - 1)] : Value())];

    private ForestTree Tree(float[][] grid, int depth, int branches, int output, int leafWidth)
    {
        List<(int Feature, float Threshold, bool MissingLeft, int Left, int Right)> nodes = [];
        List<float> leaves = [];
        Grow(depth, branches);
        return new ForestTree
        {
            Feature = [.. nodes.Select(n => n.Feature)],
            Threshold = [.. nodes.Select(n => n.Threshold)],
            MissingLeft = [.. nodes.Select(n => n.MissingLeft)],
            Left = [.. nodes.Select(n => n.Left)],
            Right = [.. nodes.Select(n => n.Right)],
            Output = output,
            LeafValues = [.. leaves],
        };

        int Grow(int levels, int budget)
        {
            if (levels == 0 || budget == 0 || _random.Next(12) == 0)
            {
                leaves.AddRange(Enumerable.Range(0, leafWidth).Select(_ => _random.Next(10) == 0 ? -0f : Value()));
                return ~((leaves.Count / leafWidth) - 1);
            }

            int at = nodes.Count;
            int feature = _random.Next(grid.Length);
            nodes.Add(default);
            int share = budget == int.MaxValue ? budget : _random.Next(budget);
            int left = Grow(levels - 1, share);
            int right = Grow(levels - 1, budget == int.MaxValue ? budget : budget - 1 - share);
            nodes[at] = (feature, grid[feature][_random.Next(grid[feature].Length)], _random.Next(2) == 0, left, right);
            return at;
        }
    }
}
