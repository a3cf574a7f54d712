using Relay.Training.Trees;

namespace Relay.Training.Importing;

/// <summary>Bounds of what is imported: the file is a stranger's.</summary>
public static class ImportBounds
{
    /// <summary>Maximum length of a model file, in bytes.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;

    public const int MaxTrees = 100_000;

    /// <summary>Nodes of all trees together, leaves among them.</summary>
    public const int MaxNodes = 4_000_000;

    /// <summary>Levels of a tree; ONNX Runtime builds trees by recursion.</summary>
    public const int MaxDepth = 512;

    public const int MaxFeatures = 100_000;

    public const int MaxClasses = 1_000;

    /// <exception cref="TrainingException">With InvalidModelFile: a tree is too deep, or there are too many.</exception>
    public static void Require(TreeEnsemble ensemble)
    {
        RequireCounts(ensemble.Trees.Count, ensemble.FeatureCount, ensemble.OutputCount);
        long nodes = 0;
        for (int t = 0; t < ensemble.Trees.Count; t++)
        {
            nodes += ensemble.Trees[t].NodeCount;
            if (nodes > MaxNodes)
            {
                throw Refuse($"more than {MaxNodes} nodes, counted up to tree {t}");
            }

            if (Depth(ensemble.Trees[t]) > MaxDepth)
            {
                throw Refuse($"tree {t} has more than {MaxDepth} levels");
            }
        }
    }

    /// <exception cref="TrainingException">With InvalidModelFile: a number that the file states is beyond its bound.</exception>
    public static void RequireCounts(long trees, long features, long outputs)
    {
        if (trees is < 1 or > MaxTrees || features is < 1 or > MaxFeatures || outputs is < 1 or > MaxClasses)
        {
            throw Refuse(
                $"{trees} trees, {features} features and {outputs} outputs; expected 1 to {MaxTrees}, 1 to {MaxFeatures} and 1 to {MaxClasses}");
        }
    }

    // Parents stand before their children.
    private static int Depth(Tree tree)
    {
        int[] level = new int[tree.NodeCount];
        int deepest = 0;
        for (int node = 0; node < level.Length; node++)
        {
            deepest = Math.Max(deepest, level[node]);
            if (tree.Feature[node] >= 0)
            {
                level[tree.Left[node]] = level[tree.Right[node]] = level[node] + 1;
            }
        }

        return deepest;
    }

    private static TrainingException Refuse(string what) => new(TrainingFault.InvalidModelFile, $"model file: {what}");
}
