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
    [InlineData(ScorerChoice.Auto)]
    [InlineData(ScorerChoice.Managed)]
    public void Load_ModelOfOurs_NeedsNoPackage(ScorerChoice choice) =>
        Assert.Equal(ScorerKind.Managed, Load(choice, TestModel.Create(numbers: 3, categories: 1)).Value?.Version.Scorer);

    [Theory]
    [InlineData(ScorerChoice.Auto, true)]
    [InlineData(ScorerChoice.Managed, false)]
    [InlineData(ScorerChoice.OnnxRuntime, true)]
    public void Load_OperatorThatOnlyOnnxRuntimeRuns_IsRefusedAndNamesThePackage(ScorerChoice choice, bool namesPackage)
    {
        TestModel model = TestModel.Create();

        Refusal? refusal = Load(choice, model, ErfModel.Alter(model.Onnx)).Refusal;

        Assert.Equal(RefusalReason.ScorerUnavailable, refusal?.Reason);
        Assert.Equal(namesPackage, refusal?.Detail.Contains("Relay.Sync.Client.OnnxRuntime", StringComparison.Ordinal));
        Assert.Equal(namesPackage, refusal?.Detail.Contains("UseOnnxRuntime()", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ScorerChoice.Auto)]
    [InlineData(ScorerChoice.Managed)]
    public void Load_GoldenVectorsThatAreOff_Refuses(ScorerChoice choice) => Assert.Equal(
        RefusalReason.GoldenVectorMismatch, Load(choice, TestModel.Create(alterGolden: TestModel.SpoilOne)).Refusal?.Reason);

    [Theory]
    [InlineData(ScorerChoice.Auto)]
    [InlineData(ScorerChoice.Managed)]
    public void Load_MoreMemoryThanTheBudget_Refuses(ScorerChoice choice) => Assert.Equal(
        RefusalReason.TryOutTooLarge, Load(choice, TestModel.Create(), budgets: new() { TryOutBytes = 1000 }).Refusal?.Reason);

    [Fact]
    public void Load_MoreTimeThanTheBudget_Refuses() => Assert.Equal(
        RefusalReason.TryOutTooSlow,
        Load(ScorerChoice.Managed, TestModel.Create(), budgets: new() { TryOutTime = TimeSpan.FromTicks(1) }).Refusal?.Reason);

    private static Result<ModelScorer> Load(ScorerChoice choice, TestModel model, byte[]? onnx = null, RelaySyncBudgets? budgets = null)
    {
        onnx ??= model.Onnx;
        ArtifactDescription described = ArtifactInspector.Inspect(onnx, "x").Value!;
        return new ScorerLoader(choice, onnxRuntime: null, budgets ?? new() { TryOutLatency = Latency }).Load(
            onnx, described, new ActiveModelVersion(described.Name, described.Version, "x", described.Schema), "x", CancellationToken.None);
    }
}
