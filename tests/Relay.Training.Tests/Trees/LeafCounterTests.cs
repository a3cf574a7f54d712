using Google.Protobuf;
using Relay.TestKit.Models;
using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Export;
using Relay.Training.Models;
using Relay.Training.Trees;
using Shared.Contracts.Onnx;

namespace Relay.Training.Tests.Trees;

public sealed class LeafCounterTests
{
    private const int Features = 5;
    private readonly TreeEnsemble _ensemble = RandomEnsemble.Create(Features, classes: 3, trees: 9, depth: 4, seed: 1);

    [Fact]
    public void Count_ManyRows_EveryTreeCountsTheSameSampleInItsLeavesAlone()
    {
        IReadOnlyList<float[]> counts = LeafCounter.Count(_ensemble, Columns(10_000), CancellationToken.None);

        Assert.Equal(9, counts.Count);
        for (int t = 0; t < counts.Count; t++)
        {
            Assert.Equal(4096, counts[t].Sum());
            Assert.All(counts[t].Zip(_ensemble.Trees[t].Feature), node => Assert.True(node.Second < 0 || node.First == 0));
        }
    }

    [Fact]
    public void Count_FewRows_CountsEachOnceAndNoneIsNoFault()
    {
        Assert.All(LeafCounter.Count(_ensemble, Columns(7), CancellationToken.None), c => Assert.Equal(7, c.Sum()));
        Assert.All(LeafCounter.Count(_ensemble, Columns(0), CancellationToken.None), c => Assert.Equal(0, c.Sum()));
    }

    [Fact]
    public void Write_WithCounts_ScoresTheSameBits()
    {
        string[] classes = ["a", "b", "c"];
        FeatureEncoding[] encodings = [.. Enumerable.Range(0, Features).Select(f => new FeatureEncoding($"f{f}", null))];
        TreeModel plain = TreeModel.Classifier(_ensemble, encodings, classes);
        float[][] columns = Columns(200);
        FittedModel counted = plain.WithLeafCounts(columns, CancellationToken.None);
        DataColumn[] rows = [.. columns.Select((values, f) => new NumberColumn($"f{f}", values))];

        ModelProto graph = OnnxGraphWriter.Write(counted);

        using OnnxSession before = new(OnnxGraphWriter.Write(plain).ToByteArray(), plain.Schema);
        using OnnxSession after = new(graph.ToByteArray(), plain.Schema);
        Assert.Contains(graph.Graph.Node.SelectMany(n => n.Attribute), a => a.Name == "nodes_hitrates" && a.Floats.Count == _ensemble.NodeCount);
        Assert.Equal(before.Predict(rows, 200).Values, after.Predict(rows, 200).Values);
    }

    private static float[][] Columns(int rows)
    {
        Random random = new(2);
        return [.. Enumerable.Range(0, Features).Select(_ => Enumerable.Range(0, rows).Select(_ => random.NextSingle()).ToArray())];
    }
}
