using Shared.Contracts.Models;

namespace Relay.Training;

/// <summary>The version that a new one would replace, for gates that compare the two.</summary>
/// <param name="Artifact">Its ONNX file.</param>
public sealed record IncumbentModel(byte[] Artifact, ModelCard Card);
