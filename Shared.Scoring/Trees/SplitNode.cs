namespace Shared.Scoring.Trees;

/// <summary>How a branch compares a value with its threshold, numbered as in TreeEnsemble of ai.onnx.ml 5.</summary>
internal enum SplitMode
{
    LessOrEqual = 0,
    Less = 1,
    GreaterOrEqual = 2,
    Greater = 3,
    Equal = 4,
    NotEqual = 5,
}

/// <summary>A branch as the file has it. A child below 0 is a leaf: leaf ~child.</summary>
/// <param name="MissingTrue">NaN goes where the comparison holds.</param>
internal readonly record struct SplitNode(
    SplitMode Mode, int Feature, float Threshold, bool MissingTrue, int WhenTrue, int WhenFalse);

/// <summary>What a leaf adds to one output.</summary>
internal readonly record struct LeafValue(int Output, float Value);
