namespace Shared.Scoring.Trees;

/// <summary>Trees in the one form that kernels take, whichever operator they came from. A raw score is the float32 sum of leaf values in
/// tree order, base value last: the order of ONNX Runtime on one thread, and therefore its bits.</summary>
/// <param name="FeatureCount">Width of a row.</param>
/// <param name="OutputCount">Raw scores per row.</param>
/// <param name="Trees">In the order in which ONNX Runtime adds them up.</param>
/// <param name="BaseValues">One per output, added after all trees.</param>
internal sealed record TreeForest(int FeatureCount, int OutputCount, IReadOnlyList<ForestTree> Trees, float[] BaseValues)
{
    public int NodeCount => Trees.Sum(t => t.Feature.Length);
}
