using Google.Protobuf;
using Relay.TestKit.Models;
using Relay.Training.Packaging;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Tests.Packaging;

public sealed class ManagedScorerCheckTests
{
    [Theory]
    [InlineData(ModelTask.Classification)]
    [InlineData(ModelTask.Regression)]
    [InlineData(ModelTask.AnomalyDetection)]
    [InlineData(ModelTask.Scaling)]
    public void FindDifference_ModelOfEveryTask_GivesTheBitsOfOnnxRuntime(ModelTask task)
    {
        TestModel model = task is ModelTask.Classification ? TestModel.Create(categories: 2) : TestModel.ForTask(task);

        Assert.Null(ManagedScorerCheck.FindUnsupported(model.Onnx, model.Schema));
        Assert.Null(ManagedScorerCheck.FindDifference(model.Onnx, model.Golden, model.Schema));
    }

    [Fact]
    public void FindDifference_OneBitOfAnAnswerChanged_SaysSo()
    {
        TestModel model = TestModel.Create();
        List<IReadOnlyList<uint>> bits = [.. model.Golden.OutputBits];
        bits[3] = [bits[3][0], bits[3][1] ^ 1, bits[3][2]];

        Assert.NotNull(ManagedScorerCheck.FindDifference(model.Onnx, model.Golden with { OutputBits = bits }, model.Schema));
    }

    [Fact]
    public void FindUnsupported_OperatorThatItDoesNotRun_SaysSoAndDoesNotFail()
    {
        TestModel model = TestModel.Create();
        ModelProto graph = ModelProto.Parser.ParseFrom(model.Onnx);
        graph.Graph.Node.Single(n => n.OpType == "Softmax").OpType = "LogSoftmax";

        Assert.StartsWith(
            "LogSoftmax:", ManagedScorerCheck.FindUnsupported(graph.ToByteArray(), model.Schema), StringComparison.Ordinal);
    }
}
