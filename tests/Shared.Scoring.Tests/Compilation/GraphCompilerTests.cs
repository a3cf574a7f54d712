using Relay.TestKit.Models;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Shared.Scoring.Tests.Compilation;

public sealed class GraphCompilerTests
{
    [Theory]
    [InlineData(4, 0, 3)]
    [InlineData(6, 2, 2)]
    [InlineData(0, 3, 5)]
    [InlineData(29, 0, 17)]
    [InlineData(3, 1, 40)]
    public void Run_ModelOfOurs_SameBitsAndLabels(int numbers, int categories, int classes)
    {
        TestModel model = TestModel.Create(
            numbers: numbers, categories: categories, trees: 40, depth: 5, classes: [.. Enumerable.Range(0, classes).Select(i => $"c{i}")]);
        ModelProto graph = ModelProto.Parser.ParseFrom(model.Onnx);
        TestRows rows = TestRows.Make(1, 300, numbers, categories, TestModel.Categories);

        SameBits.AssertEqual(graph, ModelSchema.ProbabilitiesOutput, rows);
        SameBits.AssertEqual(graph, ModelSchema.LabelOutput, rows);
    }

    [Fact]
    public void Compile_OperatorItDoesNotRun_NamesIt()
    {
        ModelProto graph = GraphBuilder.Matrix(2).Standard("Erf", "x", "y").Output("y").Build();

        Assert.Equal("Erf", SameBits.TryCompile(graph, "y", out _)?.Operator);
    }

    [Fact]
    public void Compile_MoreColumnsThanAnyRow_Unsupported()
    {
        ModelProto graph = GraphBuilder.Matrix(60_000)
            .Standard("Concat", string.Join(' ', Enumerable.Repeat("x", 60_000)), "y", GraphBuilder.Set("axis", 1)).Output("y").Build();

        Assert.Equal("Concat", SameBits.TryCompile(graph, "y", out _)?.Operator);
    }

    [Fact]
    public void Compile_OperatorThatTheOutputDoesNotNeed_Compiles()
    {
        ModelProto graph = GraphBuilder.Matrix(2).Standard("Neg", "x", "y").Standard("Erf", "x", "z").Output("y").Output("z").Build();

        Assert.Null(SameBits.TryCompile(graph, "y", out _));
    }
}
