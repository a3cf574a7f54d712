using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>A tree's leaves from left to right, and which of them lie on each side of a branch. At most 64 leaves.</summary>
internal sealed class LeafRanges
{
    private readonly ulong[] _left;

    public LeafRanges(ForestTree tree)
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
            _left[at] = (Below(leaves.Count) & ~Below(first));
            Visit(tree.Right[at]);
        }
    }

    /// <summary>Per place from left to right, the leaf of the tree.</summary>
    public IReadOnlyList<int> Leaves { get; }

    /// <summary>A bit per place: the leaves that a row can still reach once a branch has sent it right.</summary>
    public ulong KeptRight(int branch) => ~_left[branch];

    private static ulong Below(int place) => place == 64 ? ulong.MaxValue : (1UL << place) - 1;
}
