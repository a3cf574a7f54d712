using Google.Protobuf;
using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Onnx;
using Sync.Client.Scoring;
using Sync.Client.Updates;

namespace Sync.Client.Tests.Updates;

public sealed class ScorerLoaderTests
{
    private static readonly TimeSpan Latency = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(ScorerChoice.Auto, ScorerKind.Managed)]
    [InlineData(ScorerChoice.Managed, ScorerKind.Managed)]
    [InlineData(ScorerChoice.OnnxRuntime, ScorerKind.OnnxRuntime)]
    public void Load_ModelOfOurs_RunsOnWhatIsChosen(ScorerChoice choice, ScorerKind expected) =>
        Assert.Equal(expected, Load(choice, TestModel.Create(numbers: 3, categories: 1)).Value?.Version.Scorer);

    [Fact]
    public void Load_OperatorThatOnlyOnnxRuntimeRuns_GoesThere()
    {
        TestModel model = TestModel.Create();

        Assert.Equal(ScorerKind.OnnxRuntime, Load(ScorerChoice.Auto, model, WithErfs(model.Onnx)).Value?.Version.Scorer);
        Assert.Equal(RefusalReason.ScorerUnavailable, Load(ScorerChoice.Managed, model, WithErfs(model.Onnx)).Refusal?.Reason);
    }

    [Theory]
    [InlineData(ScorerChoice.Auto)]
    [InlineData(ScorerChoice.Managed)]
    [InlineData(ScorerChoice.OnnxRuntime)]
    public void Load_GoldenVectorsThatAreOff_Refuses(ScorerChoice choice) => Assert.Equal(
        RefusalReason.GoldenVectorMismatch, Load(choice, TestModel.Create(alterGolden: TestModel.SpoilOne)).Refusal?.Reason);

    [Theory]
    [InlineData(ScorerChoice.Auto)]
    [InlineData(ScorerChoice.Managed)]
    [InlineData(ScorerChoice.OnnxRuntime)]
    public void Load_MoreMemoryThanTheBudget_Refuses(ScorerChoice choice) => Assert.Equal(
        RefusalReason.TryOutTooLarge, Load(choice, TestModel.Create(), budgets: new() { TryOutBytes = 1000 }).Refusal?.Reason);

    [Fact]
    public void Load_MoreTimeThanTheBudget_Refuses() => Assert.Equal(
        RefusalReason.TryOutTooSlow,
        Load(ScorerChoice.Managed, TestModel.Create(), budgets: new() { TryOutTime = TimeSpan.FromTicks(1) }).Refusal?.Reason);

    // Adds erf(0 * p) = 0 to the probabilities.
    private static byte[] WithErfs(byte[] onnx)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(onnx);
        NodeProto softmax = model.Graph.Node.Single(n => n.OpType == "Softmax");
        string output = softmax.Output[0];
        softmax.Output[0] = "p";
        int at = model.Graph.Node.IndexOf(softmax) + 1;
        TensorProto zero = new() { Name = "zero", DataType = (int)TensorProto.Types.DataType.Float };
        zero.Dims.Add(1);
        zero.FloatData.Add(0);
        model.Graph.Initializer.Add(zero);
        model.Graph.Node.Insert(at, new NodeProto { OpType = "Mul", Input = { "p", "zero" }, Output = { "nothing" } });
        model.Graph.Node.Insert(at + 1, new NodeProto { OpType = "Erf", Input = { "nothing" }, Output = { "erf" } });
        model.Graph.Node.Insert(at + 2, new NodeProto { OpType = "Add", Input = { "p", "erf" }, Output = { output } });
        return model.ToByteArray();
    }

    private static Result<ModelScorer> Load(ScorerChoice choice, TestModel model, byte[]? onnx = null, RelaySyncBudgets? budgets = null)
    {
        onnx ??= model.Onnx;
        ArtifactDescription described = ArtifactInspector.Inspect(onnx, "x").Value!;
        return new ScorerLoader(choice, budgets ?? new() { TryOutLatency = Latency }).Load(
            onnx, described, new ActiveModelVersion(described.Name, described.Version, "x", described.Schema), "x", CancellationToken.None);
    }
}
