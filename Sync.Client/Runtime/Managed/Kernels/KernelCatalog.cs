using System.Runtime.Intrinsics;
using ArmTable = (
    System.Runtime.Intrinsics.Vector128<byte>, System.Runtime.Intrinsics.Vector128<byte>,
    System.Runtime.Intrinsics.Vector128<byte>, System.Runtime.Intrinsics.Vector128<byte>);

namespace Sync.Client.Runtime.Managed.Kernels;

/// <summary>All kernels, and which of them take a forest on this processor.</summary>
internal static class KernelCatalog
{
    /// <summary>Trees of a chunk whose nodes stay in the cache next to the processor while a batch passes.</summary>
    private const int ChunkTrees = 128;
    private const int MaxChunks = 64;

    private static readonly Func<ForestShape, ForestKernel?>[] Makers =
    [
        LevelKernel.TryCreate<Lanes512, Vector512<byte>, Lanes512.Codes>,
        LevelKernel.TryCreate<Lanes256, Vector256<byte>, Lanes256.Codes>,
        LevelKernel.TryCreate<LanesArm, Vector128<byte>, ArmTable>,
        PlaneKernel<Lanes512, Vector512<byte>, Lanes512.Codes>.TryCreate,
        PlaneKernel<Lanes256, Vector256<byte>, Lanes256.Codes>.TryCreate,
        PlaneKernel<LanesArm, Vector128<byte>, ArmTable>.TryCreate,
        WalkKernel.TryCreate<Lanes512, Vector512<byte>, Lanes512.Codes>,
        WalkKernel.TryCreate<Lanes256, Vector256<byte>, Lanes256.Codes>,
        WalkKernel.TryCreate<LanesArm, Vector128<byte>, ArmTable>,
        WalkKernel.TryCreate,
    ];

    /// <summary>Every kernel that takes the forest, the one expected to be fastest first, and last the one that takes any.</summary>
    public static IEnumerable<ForestKernel> All(TreeForest forest) => Special(forest).Append(new InterleavedKernel(forest));

    /// <summary>Those of them that ask something of the forest or the processor.</summary>
    public static IEnumerable<ForestKernel> Special(TreeForest forest)
    {
        ForestShape shape = new(forest);
        IReadOnlyList<ForestShape> chunks = shape.Chunks(ChunkTrees);
        foreach (Func<ForestShape, ForestKernel?> make in Makers)
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
