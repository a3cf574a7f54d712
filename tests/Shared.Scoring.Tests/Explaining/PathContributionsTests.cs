using Shared.Scoring.Explaining;
using Shared.Scoring.Tests.Kernels;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Tests.Explaining;

public sealed class PathContributionsTests
{
    [Fact]
    public void Compute_TwoBranches_IsTheChangeOfTheMeansOnTheWay()
    {
        // Column 0 separates 1/4 of the rows (value 8), column 1 splits the rest in halves (values 0 and 4).
        ForestTree tree = new()
        {
            Feature = [0, 1],
            Threshold = [0, 0],
            MissingLeft = [false, true],
            Left = [~0, ~1],
            Right = [1, ~2],
            Output = 0,
            LeafValues = [8, 0, 4],
            LeafShares = [0.25f, 0.375f, 0.375f],
        };
        PathContributions explain = new(new TreeForest(3, 1, [tree], [10]));

        Assert.Equal([10 + 3.5], explain.Baseline);
        Assert.Equal([2 - 3.5, 4 - 2.0, 0], explain.Compute([1, 1, 7], 0));
        Assert.Equal([8 - 3.5, 0, 0], explain.Compute([-1, 1, 7], 0));
        Assert.Equal([2 - 3.5, 0 - 2.0, 0], explain.Compute([float.NaN, float.NaN, 7], 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Compute_AnyForest_AddsUpToTheScore(bool dense)
    {
        RandomForests random = new(11);
        TreeForest forest = random.Forest(40, 9, 3, 6, dense: dense);
        PathContributions explain = new(forest);
        foreach (float[] row in random.Rows(forest, 100).Chunk(9))
        {
            float[] scores = RandomForests.Scores(forest, row);
            for (int output = 0; output < 3; output++)
            {
                double sum = explain.Baseline[output] + explain.Compute(row, output).Sum();
                Assert.Equal(scores[output], sum, 1e-2 + (1e-5 * Math.Abs(sum)));
            }
        }
    }
}
