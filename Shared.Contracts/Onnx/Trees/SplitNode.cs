namespace Shared.Contracts.Onnx.Trees;

/// <summary>A branch as the file has it. A child below 0 is a leaf: leaf ~child.</summary>
/// <param name="MissingTrue">NaN goes to the child for a comparison that holds.</param>
internal readonly record struct SplitNode(
    SplitMode Mode, int Feature, float Threshold, bool MissingTrue, int WhenTrue, int WhenFalse);
