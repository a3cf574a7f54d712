using Shared.Scoring.Kernels;
using Shared.Scoring.Lanes;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Tests.Kernels;

// Which kernels there are for a forest.
public sealed partial class KernelTests
{
    [Theory]
    [InlineData(100, 6, int.MaxValue, 200, "complete-tree")]
    [InlineData(100, 40, 30, 200, "quickscorer")]
    [InlineData(100, 12, 400, 200, "node-walk")]
    [InlineData(300, 6, int.MaxValue, 5000, "chunked")]
    public void CreateAll_ShapeThatAKernelIsMadeFor_OffersIt(int trees, int depth, int perTree, int values, string kernel)
    {
        Assert.SkipUnless(Lanes128.IsSupported || kernel is "node-walk" or "chunked", "this processor has neither SSE 4.1 nor AdvSimd");
        TreeForest forest = new RandomForests(1).Forest(trees, 4, 2, depth, perTree, values: values);

        Assert.Contains(KernelCatalog.CreateAll(forest), k => k.Name.StartsWith(kernel, StringComparison.Ordinal));
    }

    [Fact]
    public void CreateAll_InstructionSets_HaveKernelsOnlyWhereSupported()
    {
        TreeForest forest = new RandomForests(1).Forest(trees: 100, features: 4, outputs: 2, depth: 6, values: 60);
        (string Name, bool IsHere)[] sets =
            [(Lanes512.Name, Lanes512.IsSupported), (Lanes256.Name, Lanes256.IsSupported), (Lanes128.Name, Lanes128.IsSupported)];
        string[] disabled = Environment.GetEnvironmentVariable(Disabled)?.Split(' ') ?? [];

        string[] found = [.. KernelCatalog.CreateAll(forest).Select(k => k.Name.Split('-')[^1])];

        Assert.All(sets, set => Assert.Equal(set.IsHere, found.Contains(set.Name)));
        Assert.DoesNotContain(found, disabled.Contains);
    }

    /// <summary>128-bit kernels run on x64, too. Only two of their operations differ on Arm: the look-up and the index of the lowest set
    /// bit.</summary>
    [Theory]
    [InlineData(100, 6, int.MaxValue, "complete-tree")]
    [InlineData(100, 40, 30, "quickscorer")]
    [InlineData(100, 12, 400, "node-walk")]
    public void CreateAll_NarrowVectors_AreAmongThem(int trees, int depth, int perTree, string kernel)
    {
        Assert.SkipUnless(Lanes128.IsSupported, "this processor has neither SSE 4.1 nor AdvSimd");
        TreeForest forest = new RandomForests(1).Forest(trees, 4, 2, depth, perTree, values: 60);

        Assert.Contains(KernelCatalog.CreateAll(forest), k => k.Name == $"{kernel}-{Lanes128.Name}");
    }

    [Fact]
    public void CreateAll_ThresholdNaN_GoesRightUnlessTheValueIsMissing()
    {
        ForestTree tree = new()
        {
            Feature = [0],
            Threshold = [float.NaN],
            MissingLeft = [true],
            Left = [~0],
            Right = [~1],
            Output = 0,
            LeafValues = [1, 2],
        };
        TreeForest forest = new(1, 1, [tree], [0]);
        Assert.All(KernelCatalog.CreateAll(forest), kernel =>
        {
            float[] scores = new float[3];
            kernel.ScoreBatch([0, float.PositiveInfinity, float.NaN], scores);
            Assert.Equal([2, 2, 1], scores);
        });
    }
}
