namespace Shared.Contracts.Onnx.Trees;

/// <summary>Checks that branches make trees: each is reached exactly once, from a root, within a bounded number of steps.</summary>
internal static class TreeShape
{
    /// <summary>ONNX Runtime builds trees by recursion; a long chain of nodes would overflow its stack.</summary>
    public const int MaxDepth = 512;

    /// <param name="nodes">The branches; a child below 0 is a leaf.</param>
    /// <param name="roots">Branches, or ~leaf.</param>
    /// <param name="leaves">How many leaves are nodes themselves and have to be reached once, too; 0 where leaves may be shared.</param>
    public static string? FindError(SplitNode[] nodes, IEnumerable<int> roots, int leaves)
    {
        bool[] reached = new bool[nodes.Length + leaves];
        Stack<(int Node, int Depth)> open = new(roots.Select(root => (root, 0)));
        int count = 0;
        while (open.TryPop(out (int Node, int Depth) at))
        {
            if (at.Node < 0 && leaves == 0)
            {
                continue;
            }

            int index = at.Node < 0 ? nodes.Length + ~at.Node : at.Node;
            if (reached[index])
            {
                return "a node is reached twice";
            }

            if (at.Depth > MaxDepth)
            {
                return $"more than {MaxDepth} levels";
            }

            reached[index] = true;
            count++;
            if (at.Node >= 0)
            {
                open.Push((nodes[at.Node].WhenTrue, at.Depth + 1));
                open.Push((nodes[at.Node].WhenFalse, at.Depth + 1));
            }
        }

        return count == reached.Length ? null : $"{reached.Length - count} nodes that no root leads to";
    }
}
