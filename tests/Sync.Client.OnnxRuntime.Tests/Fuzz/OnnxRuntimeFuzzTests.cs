using Microsoft.ML.OnnxRuntime;
using Relay.TestKit.Fuzz;
using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Onnx;
using Sync.Client.Scoring;
using Sync.Client.Updates;

namespace Sync.Client.OnnxRuntime.Tests.Fuzz;

/// <summary>What the inspector lets through of altered models, in ONNX Runtime itself: it must neither crash the process nor hang.</summary>
[Collection(FuzzTests.Name)]
public sealed class OnnxRuntimeFuzzTests
{
    private static readonly TimeSpan Latency = TimeSpan.FromSeconds(5);

    [Fact]
    [Trait("Attack", "malformed-protobuf")]
    public void Load_AlteredModelThatWasInspected_IsTriedOutOrRefused()
    {
        byte[][] valid =
            [TestModel.Create(trees: 2, depth: 2).Onnx, TestModel.Create(numbers: 1, categories: 2, trees: 2, depth: 3).Onnx];
        int loaded = 0;

        FuzzRun.ForAll(1000, ProtobufMutator.Apply, valid, (_, file) =>
        {
            if (ArtifactInspector.Inspect(file, "x") is { IsAccepted: true, Value: { } described } && TryLoad(file, described) is { } scorer)
            {
                loaded++;
                Refusal? refusal = GoldenTryOut.Run(scorer, described.Golden, new RelaySyncBudgets { TryOutLatency = Latency }, "x");
                scorer.Retire();
                Assert.True(refusal is null or { Reason: RefusalReason.GoldenVectorMismatch or RefusalReason.ScorerUnavailable }, refusal?.Detail);
            }
        });

        Assert.NotEqual(0, loaded);
    }

    private static ModelScorer? TryLoad(byte[] file, ArtifactDescription described)
    {
        try
        {
            return new ModelScorer(
                OnnxScorer.Load(file, described.Schema), new ActiveModelVersion(described.Name, described.Version, "x", described.Schema));
        }
        catch (OnnxRuntimeException)
        {
            // Refused as ScorerUnavailable where models are loaded.
            return null;
        }
    }
}
