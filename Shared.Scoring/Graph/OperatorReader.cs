using Shared.Contracts.Onnx;

namespace Shared.Scoring.Graph;

/// <summary>Turns one operator into plan steps.</summary>
/// <param name="node">An operator whose needed inputs the plan has defined.</param>
/// <returns>Why the operator cannot be run, or null.</returns>
internal delegate string? OperatorReader(NodeProto node, OperatorAttributes attributes, PlanBuilder plan);
