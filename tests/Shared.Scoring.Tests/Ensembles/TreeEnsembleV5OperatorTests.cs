using Shared.Contracts.Onnx;

namespace Shared.Scoring.Tests.Ensembles;

public sealed class TreeEnsembleV5OperatorTests
{
    private const int Features = 5;
    private static readonly byte[] AllModes = [0, 1, 2, 3, 4, 5];

    [Theory]
    [InlineData(1, 20, 5)]
    [InlineData(3, 31, 4)]
    [InlineData(50, 60, 3)]
    public void Run_EveryModeAloneAndMixed_SameBits(int outputs, int trees, int depth)
    {
        foreach (byte[] modes in (byte[][])[AllModes, .. AllModes.Select(m => new[] { m })])
        {
            for (int seed = 0; seed < 3; seed++)
            {
                AssertSameBits(new RandomV5Trees(seed, Features, outputs, trees, depth, modes), []);
            }
        }
    }

    [Fact]
    public void Run_EveryAggregateAndTransform_SameBits()
    {
        foreach (int outputs in (int[])[1, 2, 4])
        {
            foreach (long transform in (long[])[0, 1, 2, 3, 4])
            {
                foreach (long aggregate in (long[])[0, 1])
                {
                    AssertSameBits(
                        new RandomV5Trees(1, Features, outputs, 11, 4, AllModes),
                        [GraphBuilder.Set("aggregate_function", aggregate), GraphBuilder.Set("post_transform", transform)]);
                }
            }
        }
    }

    private static void AssertSameBits(RandomV5Trees trees, AttributeProto[] attributes) => SameBits.AssertEqual(
        GraphBuilder.Matrix(Features, standard: 21, learning: 5)
            .Learning(OnnxNames.TreeEnsemble, "x", "y", [.. attributes, .. trees.Attributes()]).Output("y").Build(),
        "y", TestRows.Make(3, 200, Features));
}
