using Relay.WebConsole.Components;
using Shared.Contracts.Onnx;
using Shared.Contracts.Onnx.Trees;

namespace Relay.WebConsole.Models.Graphs;

/// <summary>What people ask of an operator: trees, depth and leaves, texts of an encoder, columns of a scaler.</summary>
internal static class NodeDetails
{
    /// <param name="nodes">Of one kind.</param>
    public static IEnumerable<string> Describe(IReadOnlyList<NodeProto> nodes)
    {
        SourceTrees[] trees = [.. nodes.Select(ReadTrees).OfType<SourceTrees>()];
        if (trees.Length > 0)
        {
            long count = trees.Sum(t => (long)t.Roots.Length);
            yield return $"{(count == 1 ? "1 tree" : $"{NumberText.Count(count)} trees")}, depth {trees.Max(Depth)}";
            long splits = trees.Sum(t => (long)t.Nodes.Length);
            yield return $"{NumberText.Count(trees.Sum(t => (long)t.LeafCount))} leaves, {NumberText.Count(splits)} splits";
        }

        long size = nodes.Sum(Size);
        if (size > 0)
        {
            yield return $"{NumberText.Count(size)} {(nodes[0].OpType is OnnxNames.Scaler ? "columns" : "values")}";
        }
    }

    private static SourceTrees? ReadTrees(NodeProto node)
    {
        TreeEnsembleReader.Read(node, new OperatorAttributes(node), null, out SourceTrees? trees);
        return trees;
    }

    /// <summary>The values that an encoder knows, or the columns that a scaler scales.</summary>
    private static long Size(NodeProto node) => node.Attribute
        .Where(attribute => node.OpType switch
        {
            OnnxNames.LabelEncoder => attribute.Name.StartsWith("keys_", StringComparison.Ordinal),
            OnnxNames.Scaler => attribute.Name == "scale",
            _ => false,
        })
        .Sum(attribute => (long)(attribute.Strings.Count + attribute.Ints.Count + attribute.Floats.Count));

    /// <summary>Levels of splits. A tree is bounded by the reader.</summary>
    private static int Depth(SourceTrees trees)
    {
        int[] levels = new int[trees.Nodes.Length];
        return trees.Roots.Select(root => Measure(trees, root, levels)).DefaultIfEmpty(0).Max();
    }

    private static int Measure(SourceTrees trees, int at, int[] levels)
    {
        if (at < 0)
        {
            return 0;
        }

        if (levels[at] == 0)
        {
            SplitNode node = trees.Nodes[at];
            levels[at] = 1 + Math.Max(Measure(trees, node.WhenTrue, levels), Measure(trees, node.WhenFalse, levels));
        }

        return levels[at];
    }
}
