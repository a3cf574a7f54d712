using System.Runtime.CompilerServices;
using Shared.Scoring.Lanes;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>For shallow trees: <see cref="TreeLevels"/> down to the leaves.</summary>
internal sealed class CompleteTreeKernel : ForestKernel
{
    private readonly RankEncoder _codes;
    private readonly TreeLevels _levels;
    private readonly LeafSums _sums;

    private CompleteTreeKernel(TreeForest forest, RankEncoder codes, TreeLevels levels, LeafSums sums)
        : base(forest) => (_codes, _levels, _sums) = (codes, levels, sums);

    public override string Name => $"levels-{_levels.Name}";

    /// <returns>Null where the processor, the depth or the codes do not allow it.</returns>
    public static ForestKernel? TryCreate<TLanes, TVector, TTable>(ForestShape shape)
        where TLanes : ILanes<TVector, TTable>
        where TVector : unmanaged
        where TTable : struct
    {
        int depth = shape.MaxDepth;
        if (!TLanes.IsSupported || depth is < 1 or > TreeLevels.MaxDepth || shape.Codes(TLanes.MaxCodes) is not { } codes)
        {
            return null;
        }

        TreeForest forest = shape.Forest;

        CompleteTree[] complete = [.. forest.Trees.Select(t => new CompleteTree(t, depth))];
        LeafSums sums = LeafSums.Strided(forest, 1 << depth, (tree, place) => ~complete[tree].Ends[place]);
        return new CompleteTreeKernel(forest, codes, new TreeLevels<TLanes, TVector, TTable>(forest, codes, sums.Order, complete, depth), sums);
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddTo(ReadOnlySpan<float> row, Span<float> scores)
    {
        Span<sbyte> codes = stackalloc sbyte[_levels.MaxCodes];
        Span<byte> leaves = stackalloc byte[_levels.Places];
        _codes.Encode(row, codes);
        _levels.Run(codes, leaves);
        _sums.Add<byte>(leaves, scores);
    }
}
