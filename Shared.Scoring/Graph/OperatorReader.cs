using Shared.Contracts.Onnx;
using Shared.Scoring.Kernels;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Graph;

/// <summary>Turns one operator into steps.</summary>
/// <param name="node">An operator whose needed inputs are known to the builder.</param>
/// <returns>What about it cannot be run, or null.</returns>
internal delegate string? OperatorReader(NodeProto node, OperatorAttributes attributes, PlanBuilder plan);

/// <summary>Prepares the forest of an operator for what runs it until something faster is found.</summary>
internal delegate ForestKernel KernelFactory(TreeForest forest);
