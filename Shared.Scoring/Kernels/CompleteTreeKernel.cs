using System.Runtime.CompilerServices;
using Shared.Scoring.Lanes;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>For shallow trees: <see cref="TreeLevels"/> covers all levels down to the leaves.</summary>
internal sealed class CompleteTreeKernel : ForestKernel
{
    private readonly RankEncoder _encoder;
    private readonly TreeLevels _levels;
    private readonly LeafSums _sums;

    private CompleteTreeKernel(TreeForest forest, RankEncoder encoder, TreeLevels levels, LeafSums sums)
        : base(forest) => (_encoder, _levels, _sums) = (encoder, levels, sums);

    public override string Name => $"complete-tree-{_levels.Name}";

    /// <returns>Null where the processor, the depth or the number of ranks does not allow it.</returns>
    public static ForestKernel? TryCreate<TLanes, TVector, TTable>(ForestShape shape)
        where TLanes : ILanes<TVector, TTable>
        where TVector : unmanaged
        where TTable : struct
    {
        int depth = shape.MaxDepth;
        if (!TLanes.IsSupported || depth is < 1 or > TreeLevels.MaxDepth || shape.FindEncoder(TLanes.MaxRanks) is not { } encoder)
        {
            return null;
        }

        TreeForest forest = shape.Forest;
        CompleteTree[] complete = [.. forest.Trees.Select(t => new CompleteTree(t, depth))];
        LeafSums sums = LeafSums.CreateStrided(forest, 1 << depth, (tree, slot) => ~complete[tree].Ends[slot]);
        VectorTreeLevels<TLanes, TVector, TTable> levels = new(forest, encoder, sums.Order, complete, depth);
        return new CompleteTreeKernel(forest, encoder, levels, sums);
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddTo(ReadOnlySpan<float> row, Span<float> scores)
    {
        Span<sbyte> ranks = stackalloc sbyte[_levels.MaxRanks];
        Span<byte> leaves = stackalloc byte[_levels.PathCount];
        _encoder.Encode(row, ranks);
        _levels.Run(ranks, leaves);
        _sums.Add<byte>(leaves, scores);
    }
}
