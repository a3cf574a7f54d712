namespace Shared.Contracts.Onnx;

/// <summary>Collects which node leads to which, and tells whether that makes trees: every node but a root has one parent, and
/// is reached from a root within a bounded number of steps.</summary>
internal sealed class TreeShape(int nodeCount)
{
    private const int None = -1;
    private readonly int[] _left = Filled(nodeCount);
    private readonly int[] _right = Filled(nodeCount);
    private readonly List<int> _roots = [];

    public void AddRoot(int node) => _roots.Add(node);

    /// <param name="left">A child, or -1 where the branch ends in a leaf that is no node.</param>
    /// <param name="right">The other one.</param>
    public void AddBranch(int node, int left, int right) => (_left[node], _right[node]) = (left, right);

    public string? FindError(int maxDepth)
    {
        bool[] reached = new bool[nodeCount];
        Stack<(int Node, int Depth)> open = new(_roots.Select(root => (root, 0)));
        int count = 0;
        while (open.TryPop(out var at))
        {
            if (reached[at.Node])
            {
                return $"node {at.Node} is reached twice";
            }

            if (at.Depth > maxDepth)
            {
                return $"more than {maxDepth} levels";
            }

            reached[at.Node] = true;
            count++;
            Push(_left[at.Node]);
            Push(_right[at.Node]);

            void Push(int child)
            {
                if (child != None)
                {
                    open.Push((child, at.Depth + 1));
                }
            }
        }

        return count == nodeCount ? null : $"{nodeCount - count} nodes that no root leads to";
    }

    private static int[] Filled(int count)
    {
        int[] values = new int[count];
        Array.Fill(values, None);
        return values;
    }
}
