using System.Collections.Frozen;
using Google.Protobuf;
using Relay.TestKit.Models;
using Relay.Training.Data;
using Relay.Training.Fitting;
using Relay.Training.Onnx;
using Shared.Contracts.Models;
using Sync.Client;
using Sync.Client.Activation;
using Sync.Client.Runtime;

namespace Benchmarks.Scoring;

/// <summary>A random forest of trees in the shape of the real thing, and rows to rotate through: one row over and over would train the
/// branch predictor.</summary>
internal sealed class ScoringModel
{
    private const int RowCount = 4096;

    public ScoringModel(int features, int classes, int trees, int depth)
    {
        string[] names = [.. Enumerable.Range(0, classes).Select(c => $"class-{c}")];
        TreeModel fitted = TreeModel.Classifier(
            RandomEnsemble.Create(features, classes, trees, depth, seed: 1),
            [.. Enumerable.Range(0, features).Select(f => new FeatureEncoding($"feature-{f}", null))], names);
        Schema = fitted.Schema;
        Onnx = OnnxGraphWriter.Write(fitted).ToByteArray();
        Random random = new(2);
        Rows = [.. Enumerable.Range(0, RowCount).Select(_ => Enumerable.Range(0, features).Select(_ => random.NextSingle()).ToArray())];
    }

    public ModelSchema Schema { get; }

    public byte[] Onnx { get; }

    public float[][] Rows { get; }

    /// <summary>The model as a node developer gets it, with all that stands before the scorer.</summary>
    public IRelayModel Activate()
    {
        ReleaseSlot slot = new();
        ModelScorer scorer = ModelScorer.Load(Onnx, new ActiveModelVersion("bench", 1, "", Schema));
        slot.Swap(new LoadedRelease(
            1, DateTimeOffset.UnixEpoch, new Dictionary<string, ModelScorer> { ["bench"] = scorer }.ToFrozenDictionary()));
        return new RelayModel("bench", slot);
    }
}
