using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Shared.Scoring.Lanes;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary><see cref="TreeLevels"/> for one instruction set.</summary>
internal sealed class VectorTreeLevels<TLanes, TVector, TTable> : TreeLevels
    where TLanes : ILanes<TVector, TTable>
    where TVector : unmanaged
    where TTable : struct
{
    private readonly int _depth;

    // Per group of trees and level, one vector of rank indexes per node of the level, then one vector of thresholds per node.
    private readonly TVector[] _nodes;

    /// <param name="order">Per position, the number of its tree.</param>
    /// <param name="complete">Per tree, its upper levels.</param>
    public VectorTreeLevels(TreeForest forest, RankEncoder encoder, int[] order, CompleteTree[] complete, int depth)
    {
        _depth = depth;
        PathCount = (order.Length + Width - 1) / Width * Width;
        _nodes = new TVector[PathCount / Width * VectorsPerGroup];
        Span<byte> bytes = MemoryMarshal.AsBytes(_nodes.AsSpan());
        for (int position = 0; position < order.Length; position++)
        {
            int[] branches = complete[order[position]].Branches;
            for (int node = 0; node < branches.Length; node++)
            {
                if (branches[node] >= 0)
                {
                    (byte rankIndex, sbyte maxLeftRank) = encoder.FindSplit(forest.Trees[order[position]], branches[node]);
                    int size = 1 << int.Log2(node + 1);
                    int vector = (position / Width * VectorsPerGroup) + (size - 1) + node;
                    bytes[(vector * Width) + (position % Width)] = rankIndex;
                    bytes[((vector + size) * Width) + (position % Width)] = (byte)maxLeftRank;
                }
            }
        }
    }

    public override string Name => TLanes.Name;

    public override int MaxRanks => TLanes.MaxRanks;

    public override int PathCount { get; }

    private static int Width => Unsafe.SizeOf<TVector>();

    private int VectorsPerGroup => 2 * ((1 << _depth) - 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Span<sbyte> ranks, Span<byte> paths)
    {
        TTable table = TLanes.LoadTable(ref MemoryMarshal.GetReference(ranks[..TLanes.MaxRanks]));
        Span<TVector> ends = MemoryMarshal.Cast<byte, TVector>(paths[..PathCount]);
        ref TVector nodes = ref MemoryMarshal.GetArrayDataReference(_nodes);
        for (int group = 0; group < ends.Length; group++)
        {
            ends[group] = LevelPath<TLanes, TVector, TTable>.Run(in table, ref nodes, _depth);
            nodes = ref Unsafe.Add(ref nodes, VectorsPerGroup);
        }
    }
}
