using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>A large forest in chunks, in tree order. The thresholds and columns of a chunk are few enough for byte ranks, and in a batch
/// the chunk stays in the cache while all rows pass through it.</summary>
internal sealed class ChunkedKernel : ForestKernel
{
    private readonly ForestKernel[] _chunks;

    private ChunkedKernel(TreeForest forest, ForestKernel[] chunks)
        : base(forest) => _chunks = chunks;

    public override string Name => $"chunked-{_chunks.Length}-{_chunks[0].Name}";

    /// <param name="chunks">Kernels of the forest's trees, in their order.</param>
    public static ForestKernel Create(TreeForest forest, ForestKernel[] chunks) => new ChunkedKernel(forest, chunks);

    /// <param name="create">Creates the kernel of a chunk; null where the kernel does not support it.</param>
    /// <returns>Null where a chunk is not supported, or the forest is a single chunk.</returns>
    public static ForestKernel? TryCreate(TreeForest forest, IReadOnlyList<ForestShape> chunks, Func<ForestShape, ForestKernel?> create)
    {
        if (chunks.Count < 2)
        {
            return null;
        }

        List<ForestKernel> kernels = [];
        foreach (ForestShape chunk in chunks)
        {
            if (create(chunk) is not { } kernel)
            {
                return null;
            }

            kernels.Add(kernel);
        }

        return new ChunkedKernel(forest, [.. kernels]);
    }

    public override void AddTo(ReadOnlySpan<float> row, Span<float> scores)
    {
        foreach (ForestKernel chunk in _chunks)
        {
            chunk.AddTo(row, scores);
        }
    }

    public override void AddToBatch(ReadOnlySpan<float> rows, Span<float> scores)
    {
        foreach (ForestKernel chunk in _chunks)
        {
            chunk.AddToBatch(rows, scores);
        }
    }
}
