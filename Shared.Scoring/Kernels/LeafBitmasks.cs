using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>The leaves of a tree from left to right, and per branch a bitmask over them (QuickScorer). At most 64 leaves.</summary>
internal sealed class LeafBitmasks
{
    private readonly ulong[] _left;

    public LeafBitmasks(ForestTree tree)
    {
        List<int> leaves = [];
        _left = new ulong[tree.Feature.Length];
        Visit(tree.Root);
        Leaves = leaves;

        void Visit(int at)
        {
            if (at < 0)
            {
                leaves.Add(~at);
                return;
            }

            int first = leaves.Count;
            Visit(tree.Left[at]);
            _left[at] = BitsBelow(leaves.Count) & ~BitsBelow(first);
            Visit(tree.Right[at]);
        }
    }

    /// <summary>Per position from left to right, the leaf of the tree.</summary>
    public IReadOnlyList<int> Leaves { get; }

    /// <summary>One bit per position: the leaves that a row can still reach after it went right at a branch.</summary>
    public ulong GetMaskWhenRight(int branch) => ~_left[branch];

    private static ulong BitsBelow(int position) => position == 64 ? ulong.MaxValue : (1UL << position) - 1;
}
