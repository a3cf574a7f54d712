using Shared.Contracts;
using Shared.Contracts.Models;
using Shared.Scoring;

namespace Sync.Client.Scoring;

/// <summary>Loads a model in a scorer beside the managed one; the package Sync.Client.OnnxRuntime brings it. It is slow, and runs on a background
/// thread.</summary>
/// <param name="onnx">A file that the inspector accepted.</param>
/// <param name="schema">The model's schema.</param>
/// <param name="subject">Names the file in a refusal.</param>
/// <param name="scorer">Null where the model is refused.</param>
/// <returns>Why it does not run the model (<see cref="RefusalReason.ScorerUnavailable"/>), or null and the scorer.</returns>
internal delegate Refusal? RowScorerLoader(byte[] onnx, ModelSchema schema, string subject, out IRowScorer? scorer);
