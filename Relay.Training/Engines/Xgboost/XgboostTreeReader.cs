using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Categories;
using Relay.Training.Trees;

namespace Relay.Training.Engines.Xgboost;

/// <summary>Turns one tree of an XGBoost file around: a row goes left there when its value is below the threshold, here when it is
/// at most the threshold, so the next float32 below takes its place, and no value changes sides. A split by a set of categories compares the
/// column of the set.</summary>
internal static class XgboostTreeReader
{
    private const int Root = 0;
    private const int NoChild = -1;

    /// <param name="weight">What leaves are multiplied by.</param>
    /// <param name="sets">Takes the sets of categories.</param>
    public static Tree Read(XgboostTree source, int number, int output, int features, int outputs, float weight, CategorySets sets)
    {
        int nodes = source.LeftChildren.Length;
        if (nodes == 0 || source.RightChildren.Length != nodes || source.SplitIndices.Length != nodes
            || source.SplitConditions.Length != nodes || source.DefaultLeft.Length != nodes || output < 0 || output >= outputs)
        {
            throw XgboostModelReader.Refuse($"tree {number}: its lists do not have the same length, or its class {output} is none");
        }

        if (source.TreeParam?.SizeLeafVector is not (null or "0" or "1"))
        {
            throw XgboostModelReader.Refuse($"tree {number}: leaves of {source.TreeParam.SizeLeafVector} values, expected one");
        }

        sets.Count(source.Categories?.Length ?? 0);
        XgboostSets bySets = XgboostSets.Read(source, number);
        TreeBuilder tree = new(output, leafWidth: 1);
        int visited = 0;

        // Right halves wait on a stack: a file may be deeper than the call stack is.
        Stack<(int Node, int? RightOf)> open = new([(Root, null)]);
        while (open.TryPop(out (int Node, int? RightOf) next))
        {
            if (next.Node < 0 || next.Node >= nodes || ++visited > nodes)
            {
                throw XgboostModelReader.Refuse($"tree {number}: its nodes do not form a tree");
            }

            if (next.RightOf is { } split)
            {
                tree.SetRight(split);
            }

            float value = source.SplitConditions[next.Node];
            if (source.LeftChildren[next.Node] == NoChild)
            {
                tree.AddLeaf([float.IsFinite(value * weight) ? value * weight : throw XgboostModelReader.Refuse(
                    $"tree {number}: leaf {next.Node} is {value} with the weight {weight}, expected a finite number")]);
                continue;
            }

            bool isBySet = bySets.IsBySet(next.Node);
            Require(source, next.Node, number, features, isBySet);
            int at = isBySet
                ? tree.AddSplit(sets.Add(bySets.SetOf(next.Node, number)), CategorySet.Threshold, false)
                : tree.AddSplit(source.SplitIndices[next.Node], MathF.BitDecrement(value), source.DefaultLeft[next.Node].IsSet);
            open.Push((source.RightChildren[next.Node], at));
            open.Push((source.LeftChildren[next.Node], null));
        }

        return tree.Build();
    }

    private static void Require(XgboostTree source, int node, int number, int features, bool isBySet)
    {
        if (source.SplitType is { } types && (types.Length <= node || (types[node] != 0 && !isBySet)))
        {
            throw XgboostModelReader.Refuse($"tree {number}: split_type, entry {node}, is missing or neither 0 nor 1");
        }

        if (source.SplitIndices[node] < 0 || source.SplitIndices[node] >= features || !(isBySet || float.IsFinite(source.SplitConditions[node])))
        {
            throw XgboostModelReader.Refuse(
                $"tree {number}: node {node} tests feature {source.SplitIndices[node]} of {features} against {source.SplitConditions[node]}");
        }
    }
}
