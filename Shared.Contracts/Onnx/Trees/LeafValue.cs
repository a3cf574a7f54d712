namespace Shared.Contracts.Onnx.Trees;

/// <summary>What a leaf adds to one output.</summary>
internal readonly record struct LeafValue(int Output, float Value);
