using Relay.TestKit;
using Shared.Scoring.Kernels;
using Shared.Scoring.Lanes;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Tests.Kernels;

public sealed partial class KernelTests
{
    /// <summary>The environment variable that names the instruction sets that are disabled in this process.</summary>
    public const string Disabled = "RELAY_TEST_INSTRUCTIONS_DISABLED";

    private const int RowCount = 300;

    public static TheoryData<string, int, int, int, int, int, bool, int> Shapes => new()
    {
        // name, trees, features, outputs, depth, max branches, dense, thresholds of a column
        { "shallow", 100, 29, 5, 6, int.MaxValue, false, 200 },
        { "stump", 7, 3, 1, 1, int.MaxValue, false, 5 },
        { "single leaves", 10, 3, 2, 0, int.MaxValue, false, 5 },
        { "one tree", 1, 4, 1, 4, int.MaxValue, false, 9 },
        { "whole vectors", 128, 41, 2, 5, int.MaxValue, false, 60 },
        { "one more", 129, 41, 3, 5, int.MaxValue, false, 60 },
        { "leaf-wise", 100, 29, 5, 40, 30, false, 200 },
        { "leaf-wise, eight planes", 65, 29, 1, 40, 63, false, 200 },
        { "deep", 40, 29, 5, 12, 400, false, 200 },
        { "deep and uneven", 50, 12, 3, 30, 300, true, 60 },
        { "dense", 60, 20, 5, 9, 60, true, 100 },
        { "dense, many classes", 33, 20, 50, 6, int.MaxValue, true, 100 },
        { "many classes", 100, 20, 50, 4, int.MaxValue, false, 100 },
        { "many columns", 150, 200, 3, 5, int.MaxValue, false, 30 },
        { "many thresholds", 300, 4, 2, 6, int.MaxValue, false, 5000 },
        { "large", 400, 29, 5, 6, int.MaxValue, false, 254 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Score_EveryKernel_GivesTheBitsOfTheReference(
        string name, int trees, int features, int outputs, int depth, int perTree, bool dense, int values)
    {
        RandomForests random = new(name.Length + trees);
        TreeForest forest = random.Forest(trees, features, outputs, depth, perTree, dense, values);
        float[] rows = random.Rows(forest, RowCount);
        float[][] expected = [.. rows.Chunk(features).Select(row => RandomForests.Scores(forest, row))];

        Assert.All(KernelCatalog.CreateAll(forest), kernel =>
        {
            float[] scores = new float[outputs];
            float[] batch = new float[RowCount * outputs];
            kernel.ScoreBatch(rows, batch);
            for (int row = 0; row < RowCount; row++)
            {
                kernel.Score(rows.AsSpan(row * features, features), scores);
                Assert.Equal(Bits(expected[row]), Bits(scores));
                Assert.Equal(Bits(expected[row]), Bits(batch.AsSpan(row * outputs, outputs)));
            }
        });
    }

    [Fact]
    public void Score_MoreTreesThanOneKernelTakes_GivesTheBitsOfTheReference()
    {
        const int Outputs = 3;
        RandomForests random = new(6);
        TreeForest forest = random.Forest(trees: 70_000, features: 4, Outputs, depth: 1, values: 9);
        float[] rows = random.Rows(forest, count: 5);

        ForestKernel kernel = Assert.Single(KernelCatalog.CreateAll(forest));
        float[] scores = new float[Outputs];
        float[] batch = new float[5 * Outputs];
        kernel.ScoreBatch(rows, batch);

        Assert.StartsWith("chunked-2-", kernel.Name, StringComparison.Ordinal);
        foreach ((int i, float[] row) in rows.Chunk(forest.FeatureCount).Index())
        {
            kernel.Score(row, scores);
            uint[] expected = Bits(RandomForests.Scores(forest, row));
            Assert.Equal(expected, Bits(scores));
            Assert.Equal(expected, Bits(batch.AsSpan(i * Outputs, Outputs)));
        }
    }

    [Fact]
    public void Score_LeavesThatAreAlike_AreKeptOnceAndGiveTheBitsOfTheReference()
    {
        const int Outputs = 3;
        RandomForests random = new(5);
        TreeForest shape = random.Forest(trees: 40, features: 6, Outputs, depth: 14, perTree: 200, dense: true, values: 50);
        TreeForest forest = shape with
        {
            Trees = [.. shape.Trees.Select((tree, t) => new ForestTree
            {
                Feature = tree.Feature, Threshold = tree.Threshold, MissingLeft = tree.MissingLeft, Left = tree.Left, Right = tree.Right, Output = -1,

                // One class per leaf, as in most leaves of a deep forest, and -0, whose bits differ from those of 0.
                LeafValues = [.. tree.LeafValues.Select((_, i) => (i / Outputs + t) % Outputs == i % Outputs ? 0.025f : i % 7 == 0 ? -0f : 0f)],
            })],
        };
        float[] rows = random.Rows(forest, RowCount);

        LeafSums.CreatePacked(forest, out int[][] places);
        Assert.All(KernelCatalog.CreateAll(forest), kernel =>
        {
            float[] batch = new float[RowCount * Outputs];
            kernel.ScoreBatch(rows, batch);
            Assert.Equal(Bits([.. rows.Chunk(forest.FeatureCount).SelectMany(row => RandomForests.Scores(forest, row))]), Bits(batch));
        });
        Assert.InRange(places.SelectMany(p => p).Distinct().Count(), 2, 3 * 8);
    }

    [Fact]
    public void Score_AnyKernel_AllocatesNothing()
    {
        RandomForests random = new(5);
        foreach (TreeForest forest in new[] { random.Forest(100, 29, 5, 6), random.Forest(50, 29, 5, 30, 30), random.Forest(
            300, 4, 2, 6, values: 5000) })
        {
            float[] rows = random.Rows(forest, 8);
            float[] scores = new float[8 * forest.OutputCount];
            foreach (ForestKernel kernel in KernelCatalog.CreateAll(forest))
            {
                kernel.ScoreBatch(rows, scores);
                Assert.Equal(0, Allocations.Least(() =>
                {
                    for (int i = 0; i < 100; i++)
                    {
                        kernel.Score(rows.AsSpan(0, forest.FeatureCount), scores.AsSpan(0, forest.OutputCount));
                        kernel.ScoreBatch(rows, scores);
                    }
                }));
            }
        }
    }

    [Fact]
    public void Measure_AnyForest_ChoosesKernelsThatGiveTheBitsOfTheReference()
    {
        RandomForests random = new(6);
        TreeForest forest = random.Forest(100, 29, 5, 6);
        float[] rows = random.Rows(forest, 64);

        KernelChoice choice = KernelChoice.Measure(forest, rows, TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);

        float[] scores = new float[forest.OutputCount];
        choice.OneRow.Score(rows.AsSpan(0, 29), scores);
        Assert.Equal(Bits(RandomForests.Scores(forest, rows.AsSpan(0, 29))), Bits(scores));
        choice.Batch.ScoreBatch(rows.AsSpan(0, 29), scores);
        Assert.Equal(Bits(RandomForests.Scores(forest, rows.AsSpan(0, 29))), Bits(scores));
    }

    private static uint[] Bits(ReadOnlySpan<float> values) => System.Runtime.InteropServices.MemoryMarshal.Cast<float, uint>(values).ToArray();
}
