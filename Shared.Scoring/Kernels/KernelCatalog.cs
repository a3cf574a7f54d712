using System.Runtime.Intrinsics;
using Shared.Scoring.Lanes;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>All kernels, and which of them support a forest on this processor.</summary>
internal static class KernelCatalog
{
    /// <summary>Trees of a chunk whose nodes stay in the first-level cache during a batch.</summary>
    private const int ChunkTrees = 128;
    private const int MaxChunks = 64;

    /// <summary>Kernels keep a leaf per tree on the stack: 256 KB for this many. Larger forests run in chunks.</summary>
    private const int MaxTrees = 1 << 16;

    /// <summary>Whether to measure 128-bit kernels: where the processor has wider vectors, those are faster.</summary>
    private static readonly bool IsNarrow = !Lanes256.IsSupported;

    private static readonly (bool IsCandidate, Func<ForestShape, ForestKernel?> Create)[] Factories =
    [
        (true, CompleteTreeKernel.TryCreate<Lanes512, Vector512<byte>, Lanes512.RankTable>),
        (true, CompleteTreeKernel.TryCreate<Lanes256, Vector256<byte>, Lanes256.RankTable>),
        (IsNarrow, CompleteTreeKernel.TryCreate<Lanes128, Vector128<byte>, Lanes128.RankTable>),
        (true, QuickScorerKernel<Lanes512, Vector512<byte>, Lanes512.RankTable>.TryCreate),
        (true, QuickScorerKernel<Lanes256, Vector256<byte>, Lanes256.RankTable>.TryCreate),
        (IsNarrow, QuickScorerKernel<Lanes128, Vector128<byte>, Lanes128.RankTable>.TryCreate),
        (true, NodeWalkKernel.TryCreate<Lanes512, Vector512<byte>, Lanes512.RankTable>),
        (true, NodeWalkKernel.TryCreate<Lanes256, Vector256<byte>, Lanes256.RankTable>),
        (IsNarrow, NodeWalkKernel.TryCreate<Lanes128, Vector128<byte>, Lanes128.RankTable>),
        (true, NodeWalkKernel.TryCreate),
    ];

    /// <summary>Every kernel that supports the forest on this processor: the one expected to be fastest first, and the one for any forest
    /// last.</summary>
    public static IEnumerable<ForestKernel> CreateAll(TreeForest forest) =>
        CreateSupported(forest, Factories.Select(f => f.Create)).Append(CreateForAny(forest));

    /// <summary>The kernel for any forest on any processor.</summary>
    public static ForestKernel CreateForAny(TreeForest forest) => forest.Trees.Count <= MaxTrees
        ? new InterleavedKernel(forest)
        : ChunkedKernel.Create(forest, [.. forest.Trees.Chunk(MaxTrees).Select(trees => new InterleavedKernel(forest with { Trees = trees }))]);

    /// <summary>The kernels that may be faster here than the one for any forest.</summary>
    public static IEnumerable<ForestKernel> CreateCandidates(TreeForest forest) =>
        CreateSupported(forest, Factories.Where(f => f.IsCandidate).Select(f => f.Create));

    private static IEnumerable<ForestKernel> CreateSupported(TreeForest forest, IEnumerable<Func<ForestShape, ForestKernel?>> factories)
    {
        if (forest.Trees.Count > MaxTrees)
        {
            yield break;
        }

        ForestShape shape = new(forest);
        IReadOnlyList<ForestShape> chunks = shape.Chunk(ChunkTrees);
        foreach (Func<ForestShape, ForestKernel?> create in factories)
        {
            if (create(shape) is { } whole)
            {
                yield return whole;
            }

            // Each chunk encodes every row again: many small chunks are slow.
            if (chunks.Count <= MaxChunks && ChunkedKernel.TryCreate(forest, chunks, create) is { } chunked)
            {
                yield return chunked;
            }
        }
    }
}
