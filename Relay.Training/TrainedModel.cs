using Shared.Contracts.Models;

namespace Relay.Training;

/// <summary>The result of a training run: the proved ONNX file and its model card.</summary>
public sealed record TrainedModel(byte[] Artifact, ModelCard Card)
{
    /// <summary>Why the managed scorer does not run the model, so that nodes need ONNX Runtime for it; null where it does.</summary>
    public string? UnsupportedByManagedScorer { get; init; }
}
