using Shared.Contracts.Onnx;
using Shared.Scoring.Compilation;
using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;

namespace Shared.Scoring.Tests.Compilation;

/// <summary>Every operator of the catalog declares how columns flow through it, and the declaration is true: changing an input changes the
/// output columns that derive from it, and no others.</summary>
public sealed class ColumnFlowTests
{
    private const int BaseRows = 60;
    private const int Changes = 12;

    public static TheoryData<string> Operators =>
        new(OperatorCatalog.Create(forest => new InterleavedKernel(forest)).Keys.Select(k => k.Operation));

    [Fact]
    public void Create_EveryOperator_DeclaresItsFlow() => Assert.All(
        OperatorCatalog.Create(forest => new InterleavedKernel(forest)),
        entry => Assert.NotEqual(ColumnFlow.Undeclared, entry.Value.Flow));

    [Theory]
    [MemberData(nameof(Operators))]
    public void ColumnOrigins_EveryOperator_AreTheInputsThatMoveTheColumn(string operation)
    {
        ModelProto[] graphs = [.. ColumnFlowGraphs.Create(operation)];
        Assert.NotEmpty(graphs);
        Assert.All(graphs, Verify);
    }

    private static void Verify(ModelProto model)
    {
        string[] inputs = [.. model.Graph.Input.Select(i => i.Name)];
        Assert.Null(GraphCompiler.Compile(model, inputs, "y", forest => new InterleavedKernel(forest), out GraphPlan? plan));
        Assert.Equal(plan!.Output.Width, plan.ColumnOrigins.Count);
        HashSet<int>[] movers = FindMovers(model, plan);
        for (int column = 0; column < movers.Length; column++)
        {
            if (plan.ColumnOrigins[column] is var origin and not GraphPlan.SeveralInputs)
            {
                Assert.Equal(origin, Assert.Single(movers[column]));
            }
            else
            {
                // With one input, the declaration would refuse explanations that are possible.
                Assert.True(movers[column].Count > 1, $"column {column} of {model.Graph.Node[^1].OpType} derives from one input only");
            }
        }
    }

    /// <returns>Per output column, the inputs that move it.</returns>
    private static HashSet<int>[] FindMovers(ModelProto model, GraphPlan plan)
    {
        bool[] isText = [.. model.Graph.Input.Select(i => i.Type.TensorType.ElemType == (int)TensorProto.Types.DataType.String)];
        int[] places = [.. isText.Select((text, i) => isText.Take(i).Count(t => t == text))];
        HashSet<int>[] movers = [.. Enumerable.Range(0, plan.Output.Width).Select(_ => new HashSet<int>())];
        Random random = new(1);
        for (int row = 0; row < BaseRows; row++)
        {
            float[] numbers = [.. Enumerable.Range(0, plan.NumberWidth).Select(_ => Number(random))];
            string[] texts = [.. Enumerable.Range(0, plan.CategoryWidth).Select(_ => Text(random))];
            uint[] before = Run(plan, numbers, texts);
            for (int change = 0; change < Changes * isText.Length; change++)
            {
                int input = change % isText.Length;
                (float[] changedNumbers, string[] changedTexts) = ([.. numbers], [.. texts]);
                if (isText[input])
                {
                    changedTexts[places[input]] = Text(random);
                }
                else
                {
                    changedNumbers[places[input]] = Number(random);
                }

                uint[] after = Run(plan, changedNumbers, changedTexts);
                for (int column = 0; column < before.Length; column++)
                {
                    if (before[column] != after[column])
                    {
                        movers[column].Add(input);
                    }
                }
            }
        }

        return movers;
    }

    private static uint[] Run(GraphPlan plan, float[] numbers, string[] texts)
    {
        float[] output = new float[plan.Output.Width];
        plan.Run(numbers, texts, rows: 1, output);
        return Array.ConvertAll(output, BitConverter.SingleToUInt32Bits);
    }

    private static float Number(Random random) => (random.NextSingle() * 4) - 2;

    private static string Text(Random random) => ColumnFlowGraphs.Texts[random.Next(ColumnFlowGraphs.Texts.Length)];
}
