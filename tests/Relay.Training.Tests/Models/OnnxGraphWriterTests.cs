using Google.Protobuf;
using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Evaluation;
using Relay.Training.Export;
using Relay.Training.Models;
using Relay.Training.Tests.Export;
using Relay.Training.Trees;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Tests.Models;

public sealed class OnnxGraphWriterTests
{
    private const int Rows = 2000;

    [Theory]
    [InlineData(Link.Softmax, 2)]
    [InlineData(Link.Softmax, 3)]
    [InlineData(Link.Softmax, 8)]
    [InlineData(Link.Sigmoid, 2)]
    [InlineData(Link.OneVersusAll, 2)]
    [InlineData(Link.OneVersusAll, 5)]
    [InlineData(Link.None, 2)]
    [InlineData(Link.None, 5)]
    [InlineData(Link.None, 8)]
    public void Write_RandomEnsembles_OnnxRuntimeAgreesWithTheTrainer(Link link, int classes)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            TreeEnsemble ensemble = RandomEnsembles.Make(seed, features: 6, classes, link, trees: 40, depth: 6);
            float[][] columns = RandomEnsembles.Columns(seed + 100, 6, Rows);

            Predictions graph = Run(ensemble, columns, classes);

            ParityReport parity = ParityCheck.Compare(Reference(ensemble, columns), graph);
            Assert.Equal(0, parity.LabelDisagreements);
            Assert.True(parity.MaxAbsDiff <= (link is Link.None ? 0 : 5e-7), $"seed {seed}: {parity.MaxAbsDiff}");
        }
    }

    [Theory]
    [InlineData(Link.Softmax, 5)]
    [InlineData(Link.Softmax, 19)]
    [InlineData(Link.Sigmoid, 2)]
    [InlineData(Link.OneVersusAll, 2)]
    [InlineData(Link.OneVersusAll, 5)]
    [InlineData(Link.None, 5)]
    public void Write_SingleRowsAndBatches_SameBits(Link link, int classes)
    {
        TreeEnsemble ensemble = RandomEnsembles.Make(7, features: 5, classes, link, trees: 100, depth: 6);
        float[][] columns = RandomEnsembles.Columns(8, 5, Rows);

        float[] single = Run(ensemble, columns, classes, blockRows: 1).Values;

        Assert.Equal(Bits(single), Bits(Run(ensemble, columns, classes, blockRows: 7).Values));
        Assert.Equal(Bits(single), Bits(Run(ensemble, columns, classes, blockRows: Rows).Values));
    }

    [Fact]
    public void Write_ThresholdHitExactly_GoesLeft()
    {
        TreeEnsemble ensemble = Stump(threshold: 0.1f, missingLeft: false);
        float[] values = [0.1f, MathF.BitIncrement(0.1f), MathF.BitDecrement(0.1f), float.NaN, float.PositiveInfinity, float.NegativeInfinity];

        Predictions graph = Run(ensemble, [values], classes: 2);

        Assert.Equal([0, 1, 0, 1, 1, 0], graph.Labels);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void Write_MissingValue_GoesWhereTheNodeSays(bool missingLeft, int expected)
    {
        Predictions graph = Run(Stump(threshold: 5, missingLeft), [[float.NaN]], classes: 2);

        Assert.Equal([expected], graph.Labels);
    }

    [Fact]
    public void Write_NegativeZeroAgainstZeroThreshold_GoesLeft()
    {
        Assert.Equal([0, 0], Run(Stump(threshold: 0f, missingLeft: false), [[-0f, 0f]], classes: 2).Labels);
        Assert.Equal([0, 0], Run(Stump(threshold: -0f, missingLeft: false), [[-0f, 0f]], classes: 2).Labels);
    }

    [Fact]
    public void Write_TreesThatAreOneLeaf_AddTheirValue()
    {
        Tree leaf =
            new() { Feature = [-1], Threshold = [0], Left = [0], Right = [0], MissingLeft = [false], Output = -1, LeafValues = [0.25f, 0.75f] };
        Tree empty = new() { Feature = [-1], Threshold = [0], Left = [0], Right = [0], MissingLeft = [false], Output = -1, LeafValues = [0, 0] };
        TreeEnsemble ensemble = new(1, 2, [leaf, empty], [0, 0], Link.None);

        Predictions graph = Run(ensemble, [[3f]], classes: 2);

        Assert.Equal([0.25f, 0.75f], graph.Values);
        Assert.Equal([1], graph.Labels);
    }

    [Fact]
    public void Write_EqualProbabilities_FirstClass()
    {
        Tree leaf = new() { Feature = [-1], Threshold = [0], Left = [0], Right = [0], MissingLeft = [false], Output = -1, LeafValues = [0.5f, 0.5f] };

        Assert.Equal([0], Run(new TreeEnsemble(1, 2, [leaf], [0, 0], Link.None), [[3f]], classes: 2).Labels);
    }

    [Fact]
    public void Write_Categories_TextsBecomeCodesAndOthersMissing()
    {
        // Codes 0 and 1 go left, 2 and 3 right, missing right.
        TreeEnsemble ensemble = Stump(threshold: 1, missingLeft: false);
        FeatureEncoding[] encodings = [new("proto", ["tcp", "udp", "icmp", "größer"])];
        CategoryColumn column = new("proto", [0, 1, 2, 3, 4, -1], ["tcp", "udp", "icmp", "größer", "never seen"]);

        using OnnxSession session = Open(TreeModel.Classifier(ensemble, encodings, ["a", "b"]));

        Assert.Equal([0, 0, 1, 1, 1, 1], session.Predict([column], 6).Labels);
    }

    [Fact]
    public void Write_CategoryWithStatistics_TextsBecomeTheirsAndOthersMissing()
    {
        // The second column decides: up to .5 goes left, the rest and what is missing right.
        TreeEnsemble ensemble = Stump(threshold: 0.5f, missingLeft: false) with { FeatureCount = 2 };
        ensemble.Trees[0].Feature[0] = 1;
        FeatureEncoding[] encodings = [new("proto", ["tcp", "udp", "größer"]) { Statistics = [[1, 1, 0], [0.25f, 0.75f, 0.5f]] }];
        CategoryColumn column = new("proto", [0, 1, 2, 3, -1], ["tcp", "udp", "größer", "never seen"]);

        using OnnxSession session = Open(TreeModel.Classifier(ensemble, encodings, ["a", "b"]));

        Assert.Equal([0, 1, 0, 1, 1], session.Predict([column], 5).Labels);
    }

    [Fact]
    public void Write_CategoryWithoutTexts_IsMissing()
    {
        FeatureEncoding[] encodings = [new("proto", [])];
        CategoryColumn column = new("proto", [0, -1], ["tcp"]);

        using OnnxSession session = Open(TreeModel.Classifier(Stump(1, missingLeft: true), encodings, ["a", "b"]));

        Assert.Equal([0, 0], session.Predict([column], 2).Labels);
    }

    [Fact]
    public void Write_ColumnsNamedLikeOperators_LoadsAndAgrees()
    {
        FeatureEncoding[] encodings = [new("Concat", null), new("Softmax", null), new("ArgMax", ["x"]), new("LabelEncoder", ["y"])];
        TreeEnsemble ensemble = RandomEnsembles.Make(1, features: 4, classes: 3, Link.Softmax, trees: 9, depth: 3);

        using OnnxSession session = Open(TreeModel.Classifier(ensemble, encodings, ["a", "b", "c"]));
        Predictions graph = session.Predict(
            [new NumberColumn("Concat", [1f]), new NumberColumn("Softmax", [0f]),
             new CategoryColumn("ArgMax", [0], ["x"]), new CategoryColumn("LabelEncoder", [-1], ["y"])], 1);

        Predictions trainer = Reference(ensemble, [[1f], [0f], [0f], [float.NaN]]);
        Assert.Equal(trainer.Labels, graph.Labels);
    }

    [Fact]
    public void Write_SameEnsembleTwice_SameBytes()
    {
        byte[] Once() => OnnxGraphWriter.Write(TreeModel.Classifier(
            RandomEnsembles.Make(3, 4, 3, Link.Softmax, 12, 5), RandomEnsembles.NumberEncodings(4), RandomEnsembles.Classes(3))).ToByteArray();

        Assert.Equal(Once(), Once());
    }

    [Fact]
    public void Classifier_OutputsThatDoNotMakeTheClasses_Throws() =>
        Assert.Throws<ArgumentException>(() => TreeModel.Classifier(
            RandomEnsembles.Make(3, 4, 3, Link.Softmax, 12, 5), RandomEnsembles.NumberEncodings(4), RandomEnsembles.Classes(4)));

    [Fact]
    public void OnnxSession_FeatureOutOfRange_InvalidGraph()
    {
        TreeModel stump = TreeModel.Classifier(Stump(1, missingLeft: true), RandomEnsembles.NumberEncodings(1), ["a", "b"]);
        ModelProto model = OnnxGraphWriter.Write(stump);
        model.Graph.Node.Single(n => n.OpType == OnnxNames.TreeEnsembleRegressor).Attribute.Single(a => a.Name == "nodes_featureids").Ints[0] = 9;

        using OnnxSession session = new(model.ToByteArray(), stump.Schema);
        TrainingException e = Assert.Throws<TrainingException>(() => session.Predict([new NumberColumn("f0", [1f])], 1));

        Assert.Equal(TrainingFault.InvalidGraph, e.Fault);
    }

    [Fact]
    public void OnnxSession_NotAModel_InvalidGraph() =>
        Assert.Equal(
            TrainingFault.InvalidGraph, Assert.Throws<TrainingException>(() => new OnnxSession([1, 2, 3], new ModelSchema([], ["a", "b"]))).Fault);

    internal static TreeEnsemble Stump(float threshold, bool missingLeft) => new(
        1, 2,
        [
            new Tree
            {
                Feature = [0, -1, -1], Threshold = [threshold, 0, 0], Left = [1, 0, 1], Right = [2, 0, 0],
                MissingLeft = [missingLeft, false, false], Output = -1, LeafValues = [1, 0, 0, 1],
            },
        ],
        [0, 0], Link.None);

    private static Predictions Run(TreeEnsemble ensemble, float[][] columns, int classes, int blockRows = 512)
    {
        using OnnxSession session = Open(
            TreeModel.Classifier(ensemble, RandomEnsembles.NumberEncodings(columns.Length), RandomEnsembles.Classes(classes)));
        return session.Predict([.. columns.Select((c, i) => new NumberColumn($"f{i}", c))], columns[0].Length, blockRows);
    }

    internal static OnnxSession Open(FittedModel model) => new(OnnxGraphWriter.Write(model).ToByteArray(), model.Schema);

    private static Predictions Reference(TreeEnsemble ensemble, float[][] columns)
    {
        EnsembleEvaluator evaluator = new(ensemble);
        float[] probabilities = evaluator.Probabilities(columns);
        return new Predictions(evaluator.ClassCount, probabilities, EnsembleEvaluator.Labels(probabilities, evaluator.ClassCount));
    }

    private static uint[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToUInt32Bits);
}
