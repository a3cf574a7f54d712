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
    public void Require_ModelOfEveryTask_GivesTheBitsOfOnnxRuntime(ModelTask task)
    {
        TestModel model = task is ModelTask.Classification ? TestModel.Create(categories: 2) : TestModel.ForTask(task);

        Assert.Null(ManagedScorerCheck.Require(model.Onnx, model.Golden, model.Schema));
    }

    [Fact]
    public void Require_OneBitOfAnAnswerChanged_GoldenFailed()
    {
        TestModel model = TestModel.Create();
        List<IReadOnlyList<uint>> bits = [.. model.Golden.OutputBits];
        bits[3] = [bits[3][0], bits[3][1] ^ 1, bits[3][2]];

        TrainingException e = Assert.Throws<TrainingException>(
            () => ManagedScorerCheck.Require(model.Onnx, model.Golden with { OutputBits = bits }, model.Schema));

        Assert.Equal(TrainingFault.GoldenFailed, e.Fault);
    }

    [Fact]
    public void Require_OperatorThatItDoesNotRun_SaysSoAndDoesNotFail()
    {
        TestModel model = TestModel.Create();
        ModelProto graph = ModelProto.Parser.ParseFrom(model.Onnx);
        graph.Graph.Node.Single(n => n.OpType == "Softmax").OpType = "LogSoftmax";

        Assert.StartsWith(
            "LogSoftmax:", ManagedScorerCheck.Require(graph.ToByteArray(), model.Golden, model.Schema), StringComparison.Ordinal);
    }
}
