using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Onnx;
using Sync.Client.Scoring;
using Sync.Client.Updates;

namespace Sync.Client.OnnxRuntime.Tests;

public sealed class OnnxScorerLoaderTests
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

        Assert.Equal(ScorerKind.OnnxRuntime, Load(ScorerChoice.Auto, model, ErfModel.Alter(model.Onnx)).Value?.Version.Scorer);
        Assert.Equal(RefusalReason.ScorerUnavailable, Load(ScorerChoice.Managed, model, ErfModel.Alter(model.Onnx)).Refusal?.Reason);
    }

    [Fact]
    public void Load_GpuThatTheLibraryLacks_RunsOnTheCpu()
    {
        TestModel model = TestModel.Create();

        Assert.Equal(
            ScorerKind.OnnxRuntime,
            Load(ScorerChoice.OnnxRuntime, model, provider: OnnxExecutionProvider.Cuda).Value?.Version.Scorer);
    }

    [Fact]
    public void UseOnnxRuntime_ProviderThatDoesNotExist_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RelaySyncOptions().UseOnnxRuntime((OnnxExecutionProvider)7));

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

    private static Result<ModelScorer> Load(
        ScorerChoice choice, TestModel model, byte[]? onnx = null, RelaySyncBudgets? budgets = null,
        OnnxExecutionProvider provider = OnnxExecutionProvider.Cpu)
    {
        onnx ??= model.Onnx;
        ArtifactDescription described = ArtifactInspector.Inspect(onnx, "x").Value!;
        ScorerLoader loader = new(
            choice, new RelaySyncOptions().UseOnnxRuntime(provider).OnnxRuntime, budgets ?? new() { TryOutLatency = Latency });
        return loader.Load(
            onnx, described, new ActiveModelVersion(described.Name, described.Version, "x", described.Schema), "x", CancellationToken.None);
    }
}
