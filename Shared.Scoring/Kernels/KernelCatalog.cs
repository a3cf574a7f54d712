using System.Runtime.Intrinsics;
using Shared.Scoring.Lanes;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>All kernels, and which of them take a forest on this processor.</summary>
internal static class KernelCatalog
{
    /// <summary>Trees of a chunk whose nodes stay in the cache next to the processor while a batch passes.</summary>
    private const int ChunkTrees = 128;
    private const int MaxChunks = 64;

    /// <summary>Whether 128 bits are worth measuring: where there are wider vectors, those are faster.</summary>
    private static readonly bool IsNarrow = !Lanes256.IsSupported;

    private static readonly (bool IsCandidate, Func<ForestShape, ForestKernel?> Make)[] Makers =
    [
        (true, CompleteTreeKernel.TryCreate<Lanes512, Vector512<byte>, Lanes512.Codes>),
        (true, CompleteTreeKernel.TryCreate<Lanes256, Vector256<byte>, Lanes256.Codes>),
        (IsNarrow, CompleteTreeKernel.TryCreate<Lanes128, Vector128<byte>, Lanes128.Codes>),
        (true, QuickScorerKernel<Lanes512, Vector512<byte>, Lanes512.Codes>.TryCreate),
        (true, QuickScorerKernel<Lanes256, Vector256<byte>, Lanes256.Codes>.TryCreate),
        (IsNarrow, QuickScorerKernel<Lanes128, Vector128<byte>, Lanes128.Codes>.TryCreate),
        (true, NodeWalkKernel.TryCreate<Lanes512, Vector512<byte>, Lanes512.Codes>),
        (true, NodeWalkKernel.TryCreate<Lanes256, Vector256<byte>, Lanes256.Codes>),
        (IsNarrow, NodeWalkKernel.TryCreate<Lanes128, Vector128<byte>, Lanes128.Codes>),
        (true, NodeWalkKernel.TryCreate),
    ];

    /// <summary>Every kernel that can run the forest on this processor, the one expected to be fastest first, and last the one that takes
    /// any.</summary>
    public static IEnumerable<ForestKernel> All(TreeForest forest) =>
        Made(forest, Makers.Select(m => m.Make)).Append(new InterleavedKernel(forest));

    /// <summary>Those that may be faster here than the one that takes any.</summary>
    public static IEnumerable<ForestKernel> Candidates(TreeForest forest) => Made(forest, Makers.Where(m => m.IsCandidate).Select(m => m.Make));

    private static IEnumerable<ForestKernel> Made(TreeForest forest, IEnumerable<Func<ForestShape, ForestKernel?>> makers)
    {
        ForestShape shape = new(forest);
        IReadOnlyList<ForestShape> chunks = shape.Chunks(ChunkTrees);
        foreach (Func<ForestShape, ForestKernel?> make in makers)
        {
            if (make(shape) is { } whole)
            {
                yield return whole;
            }

            // Many small chunks encode each row over and over.
            if (chunks.Count <= MaxChunks && ChunkedKernel.TryCreate(forest, chunks, make) is { } chunked)
            {
                yield return chunked;
            }
        }
    }
}
