using Relay.TestKit;
using Shared.Contracts.Onnx;
using Shared.Contracts.Onnx.Trees;

namespace Shared.Scoring.Tests;

/// <summary>Each ONNX file of ../shared/cases: the answers are those of ONNX Runtime, or the file is left to it.</summary>
public sealed class SharedCasesTests
{
    [Theory]
    [InlineData("eq-chain-missing.onnx", true)]
    [InlineData("shared-leaf.onnx", true)]
    [InlineData("v5-set-membership.onnx", true)]
    [InlineData("minus-zero-base.onnx", false)]
    public void Load_File_IsTakenAndScoredAsInOnnxRuntimeOrLeftToIt(string name, bool isLeft)
    {
        Assert.SkipUnless(SharedCases.File(name) is not null, SharedCases.Missing);
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(SharedCases.File(name)!));

        Assert.Null(TreeEnsembleReader.FindError(model.Graph));
        foreach (string output in model.Graph.Output.Select(o => o.Name))
        {
            if (isLeft)
            {
                Assert.NotNull(SameBits.TryCompile(model, output, out _));
                using var answer = SameBits.RunOnnxRuntime(model, output, Rows(model));
            }
            else
            {
                SameBits.AssertEqual(model, output, Rows(model));
            }
        }
    }

    private static TestRows Rows(ModelProto model) =>
        TestRows.Make(1, 100, (int)model.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue);
}
