using Relay.Training.Engines.Common;
using Relay.Training.Export;
using Relay.Training.Models;
using Shared.Contracts.Models;

namespace Relay.Training.Gates;

/// <summary>A model that was trained and packaged, and is not a version yet.</summary>
/// <param name="Answers">What the trainer says of the held-out rows.</param>
/// <param name="HeldOut">Those rows, encoded.</param>
internal sealed record Candidate(
    FittedModel Model, Predictions Answers, TrainingSet HeldOut, ModelMetrics Metrics, ParityReport Parity, byte[] Artifact, GoldenVectors Golden);
