namespace Shared.Contracts.Onnx.Trees;

/// <summary>How a branch compares a value with its threshold, numbered as in TreeEnsemble of ai.onnx.ml 5.</summary>
internal enum SplitMode
{
    LessOrEqual = 0,
    Less = 1,
    GreaterOrEqual = 2,
    Greater = 3,
    Equal = 4,
    NotEqual = 5,

    /// <summary>Whether the value is one of a set; the threshold says nothing.</summary>
    Member = 6,
}
