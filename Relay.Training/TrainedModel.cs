using Shared.Contracts.Models;

namespace Relay.Training;

/// <summary>What a training run gives: the ONNX file, proved, and what is known of it.</summary>
public sealed record TrainedModel(byte[] Artifact, ModelCard Card)
{
    /// <summary>Why the managed scorer does not run the model, so that nodes need ONNX Runtime for it; null where it does.</summary>
    public string? UnsupportedByManagedScorer { get; init; }
}
