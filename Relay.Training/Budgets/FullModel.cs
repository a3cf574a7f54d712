using Google.Protobuf;
using Relay.Training.Data.Features;
using Relay.Training.Engines.Common;
using Relay.Training.Export;
using Relay.Training.Gates;
using Relay.Training.Models;
using Relay.Training.Packaging;
using Relay.Training.Trees;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Budgets;

/// <summary>The model that the parameters of a spec give, which smaller ones are compared with: it says how large a file and how quick a row of
/// one of them is.</summary>
internal sealed class FullModel(ModelSpec spec, LoadedData data, Candidate candidate)
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(5);

    // Of the file itself: its graph has a count of rows in each leaf, which the candidate's model has not yet.
    private readonly long _rest = candidate.Artifact.Length - ModelProto.Parser.ParseFrom(candidate.Artifact).Graph.CalculateSize();

    public ModelSpec Spec => spec;

    /// <summary>Bytes of the file that are no graph: golden vectors and figures.</summary>
    public long BytesBesideGraph => _rest;

    public TrainingSet Train => data.Train;

    public FittedModel Model => candidate.Model;

    public ulong[]? RowHashes => data.RowHashes;

    public IReadOnlyList<FeatureEncoding> Encodings => data.Encoder.Encodings;

    /// <summary>Bytes of a file with other trees. What is no graph is as long as in the file of the full model, but for some bytes.</summary>
    public long SizeOf(TreeEnsemble ensemble, ModelParameters parameters) => _rest + Write(ensemble, parameters).Graph.CalculateSize();

    /// <summary>Microseconds for a row on the scorer that nodes choose.</summary>
    public double TimeOf(TreeEnsemble ensemble, ModelParameters parameters)
    {
        using GoldenScorer scorer = GoldenScorer.Open(Write(ensemble, parameters).ToByteArray(), candidate.Golden, candidate.Model.Schema);
        return LatencyMeter.Measure(scorer, candidate.Golden.Rows, MaxTime);
    }

    // As the file of a trained model is: with a count of rows in each leaf.
    private ModelProto Write(TreeEnsemble ensemble, ModelParameters parameters) => OnnxGraphWriter.Write(new TreeModel(
        candidate.Model.Schema, UnusedTexts.Drop(Encodings, parameters),
        ensemble with { LeafCounts = [.. ensemble.Trees.Select(t => new float[t.NodeCount])], Offset = candidate.Model.Offset }));
}
