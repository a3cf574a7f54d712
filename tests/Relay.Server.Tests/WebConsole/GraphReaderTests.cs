using System.Net;
using Google.Protobuf;
using Relay.TestKit;
using Relay.WebConsole.Models.Graphs;
using Shared.Contracts.Onnx;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Graphs of model files, as the page of a version draws them.</summary>
public sealed class GraphReaderTests
{
    private static readonly string Models = RepositoryRoot.Combine("tests", "Relay.Training.Tests", "Importing", "Models");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Models, "*.onnx").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_FileOfAnotherFramework_IsAPictureAndNamesItsTrees(string file)
    {
        ModelGraph graph = GraphReader.Read(File.ReadAllBytes(Path.Combine(Models, file)))!;

        Assert.NotNull(graph.Picture);
        Assert.All(
            graph.Operators.Where(part => part.Name.StartsWith("TreeEnsemble", StringComparison.Ordinal)),
            part => Assert.Matches("^[0-9]+ trees?, depth [0-9]+, [0-9]+ leaves, ", part.Detail));
    }

    [Fact]
    public void Read_OperatorsOfOneKindInOneLayer_AreOneBoxAndConstantsAreNone()
    {
        GraphProto graph = Graph(["a", "b"], "sum");
        graph.Node.Add(Node("Constant", [], "one"));
        graph.Node.Add(Node("Abs", ["a"], "a1"));
        graph.Node.Add(Node("Abs", ["b"], "b1"));
        graph.Node.Add(Node("Sum", ["a1", "b1", "one"], "sum"));

        ModelGraph read = GraphReader.Read(new ModelProto { Graph = graph }.ToByteArray())!;

        Assert.Equal([new GraphOperator("Abs", 2, ""), new GraphOperator("Sum", 1, "")], read.Operators);
        Assert.Contains("2 × Abs", WebUtility.HtmlDecode(read.Picture), StringComparison.Ordinal);
        Assert.DoesNotContain("Constant", read.Picture, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OutputInTheMiddleOfAChain_EndsTheBox()
    {
        GraphProto graph = Graph(["a"], "middle", "end");
        graph.Node.Add(Node("Abs", ["a"], "first"));
        graph.Node.Add(Node("Neg", ["first"], "middle"));
        graph.Node.Add(Node("Exp", ["middle"], "end"));

        string picture = GraphReader.Read(new ModelProto { Graph = graph }.ToByteArray())!.Picture!;

        Assert.Contains("then Neg", picture, StringComparison.Ordinal);
        Assert.DoesNotContain("then Exp", picture, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_GraphOfManyParts_IsATableAlone()
    {
        GraphProto graph = Graph(["a"], "v499");
        for (int i = 0; i < 500; i++)
        {
            string read = i == 0 ? "a" : FormattableString.Invariant($"v{i - 1}");
            graph.Node.Add(Node(i % 2 == 0 ? "Abs" : "Neg", [read], FormattableString.Invariant($"v{i}")));
        }

        ModelGraph shown = GraphReader.Read(new ModelProto { Graph = graph }.ToByteArray())!;

        Assert.Null(shown.Picture);
        Assert.Equal(500, shown.Operators.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no model at all")]
    public void Read_WhatIsNoModel_IsNull(string text) => Assert.Null(GraphReader.Read(System.Text.Encoding.UTF8.GetBytes(text)));

    private static GraphProto Graph(string[] inputs, params string[] outputs)
    {
        GraphProto graph = new();
        graph.Input.Add(inputs.Select(name => new ValueInfoProto { Name = name }));
        graph.Output.Add(outputs.Select(name => new ValueInfoProto { Name = name }));
        return graph;
    }

    private static NodeProto Node(string type, string[] inputs, string output)
    {
        NodeProto node = new() { OpType = type };
        node.Input.Add(inputs);
        node.Output.Add(output);
        return node;
    }
}
