using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>The upper levels of a tree as a complete tree: the children of node n are 2n+1 and 2n+2. A leaf above the last level is
/// repeated below it.</summary>
internal sealed class CompleteTree
{
    public CompleteTree(ForestTree tree, int depth)
    {
        Branches = new int[(1 << depth) - 1];
        Ends = new int[1 << depth];
        Fill(tree.Root, 0);

        void Fill(int at, int node)
        {
            if (node >= Branches.Length)
            {
                Ends[node - Branches.Length] = at;
                return;
            }

            Branches[node] = at < 0 ? -1 : at;
            Fill(at < 0 ? at : tree.Left[at], (2 * node) + 1);
            Fill(at < 0 ? at : tree.Right[at], (2 * node) + 2);
        }
    }

    /// <summary>Per node, the branch of the tree; -1 at and below a leaf, where both directions lead to the same leaf.</summary>
    public int[] Branches { get; }

    /// <summary>Per position below the last level, the branch of the tree that follows, or ~leaf.</summary>
    public int[] Ends { get; }

    /// <summary>Branches on the longest path from the root to a leaf.</summary>
    public static int ComputeDepth(ForestTree tree)
    {
        int depth = 0;
        Stack<(int At, int Depth)> open = new([(tree.Root, 0)]);
        while (open.TryPop(out (int At, int Depth) next))
        {
            depth = Math.Max(depth, next.Depth);
            if (next.At >= 0)
            {
                open.Push((tree.Left[next.At], next.Depth + 1));
                open.Push((tree.Right[next.At], next.Depth + 1));
            }
        }

        return depth;
    }
}
