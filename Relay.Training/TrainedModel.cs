using Shared.Contracts.Models;

namespace Relay.Training;

/// <summary>What a training run gives: the ONNX file, proved, and what is known of it.</summary>
public sealed record TrainedModel(byte[] Artifact, ModelCard Card);
