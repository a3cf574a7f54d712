using Relay.Training.Trees;

namespace Relay.Training.Tests.Trees;

public sealed class EnsembleEvaluatorTests
{
    [Theory]
    [InlineData(0.5f, 10f)]
    [InlineData(0.49999997f, 10f)]
    [InlineData(0.50000006f, 20f)]
    [InlineData(float.NaN, 20f)]
    public void Probabilities_AtTheThreshold_GoesLeftUpToIt(float value, float expected) =>
        Assert.Equal([expected], Evaluate(Stump(0.5f, missingLeft: false), value));

    [Fact]
    public void Probabilities_MissingLeft_SendsOnlyMissingThere()
    {
        TreeEnsemble ensemble = Stump(0.5f, missingLeft: true);

        Assert.Equal([10f], Evaluate(ensemble, float.NaN));
        Assert.Equal([20f], Evaluate(ensemble, 7));
    }

    [Fact]
    public void Probabilities_ManyTrees_AddInTreeOrderAndBaseLast()
    {
        // In float32, (1e8 + 3) - 1e8 is 0 and 1e8 - 1e8 + 3 is 3: the order shows.
        TreeEnsemble ensemble = new(1, 1, [Leaf(0, 1e8f), Leaf(0, 3), Leaf(0, -1e8f)], [0.25f], Link.None);

        Assert.Equal([0.25f], Evaluate(ensemble, 0));
    }

    [Fact]
    public void Probabilities_LeafPerOutputAndLeafForAll_AddUp()
    {
        TreeEnsemble ensemble = new(1, 3, [Leaf(-1, 1, 2, 3), Leaf(1, 10)], [100, 200, 300], Link.None);

        Assert.Equal([101, 212, 303], Evaluate(ensemble, 0));
    }

    [Fact]
    public void Probabilities_Sigmoid_GivesBothClasses()
    {
        float[] probabilities = Evaluate(new TreeEnsemble(1, 1, [Leaf(0, 2)], [0], Link.Sigmoid), 0);

        Assert.Equal(1 / (1 + Math.Exp(-2)), probabilities[1], 1e-6);
        Assert.Equal(1 - probabilities[1], probabilities[0]);
    }

    [Fact]
    public void Probabilities_SoftmaxOfLargeScores_StaysFinite()
    {
        float[] probabilities = Evaluate(new TreeEnsemble(1, 3, [Leaf(-1, 1000, 1001, -1000)], [0, 0, 0], Link.Softmax), 0);

        Assert.Equal(1 / (1 + Math.E), probabilities[0], 1e-6);
        Assert.Equal(0, probabilities[2]);
        Assert.Equal(1, probabilities.Sum(), 1e-6);
    }

    [Theory]
    [InlineData(-1f, -0.5f)]
    [InlineData(-0.25f, -0.8408964f)]
    [InlineData(0f, -1f)]
    public void Probabilities_PathLength_IsMinusThePowerOfTwo(float raw, float expected) =>
        Assert.Equal([expected], Evaluate(new TreeEnsemble(1, 1, [Leaf(0, raw)], [0], Link.PathLength), 0));

    [Fact]
    public void Probabilities_ManyRowsOnAnyNumberOfThreads_AreTheSame()
    {
        TreeEnsemble ensemble = Stump(500, missingLeft: false);
        float[][] columns = [[.. Enumerable.Range(0, 5000).Select(i => i % 1000f)]];

        float[] one = new EnsembleEvaluator(ensemble, 1).Probabilities(columns);

        Assert.Equal(one, new EnsembleEvaluator(ensemble, 3).Probabilities(columns));
        Assert.Equal(columns[0].Select(v => v <= 500 ? 10f : 20f), one);
    }

    [Fact]
    public void Labels_Tie_GoesToTheFirst() => Assert.Equal([1, 0], EnsembleEvaluator.Labels([0.2f, 0.4f, 0.4f, 0.5f, 0.5f, 0f], 3));

    private static float[] Evaluate(TreeEnsemble ensemble, float value) => new EnsembleEvaluator(ensemble).Probabilities([[value]]);

    private static TreeEnsemble Stump(float threshold, bool missingLeft) => new(
        1, 1,
        [
            new Tree
            {
                Feature = [0, -1, -1], Threshold = [threshold, 0, 0], Left = [1, 0, 1], Right = [2, 0, 0],
                MissingLeft = [missingLeft, false, false], Output = 0, LeafValues = [10, 20],
            },
        ],
        [0], Link.None);

    private static Tree Leaf(int output, params float[] values) => new()
    {
        Feature = [-1],
        Threshold = [0],
        Left = [0],
        Right = [0],
        MissingLeft = [false],
        Output = output,
        LeafValues = values,
    };
}
