using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>A large forest in pieces, one after the other in tree order: each has thresholds and columns few enough for byte
/// codes of its own, and in a batch stays in the cache while all rows pass through it.</summary>
internal sealed class ChunkedKernel : ForestKernel
{
    private readonly ForestKernel[] _chunks;

    private ChunkedKernel(TreeForest forest, ForestKernel[] chunks)
        : base(forest) => _chunks = chunks;

    public override string Name => $"chunked-{_chunks.Length}-{_chunks[0].Name}";

    /// <param name="create">The kernel of a chunk, or null where it does not take it.</param>
    /// <returns>Null where a chunk is not taken, or the forest is no more than one.</returns>
    public static ForestKernel? TryCreate(TreeForest forest, IReadOnlyList<ForestShape> chunks, Func<ForestShape, ForestKernel?> create)
    {
        if (chunks.Count < 2)
        {
            return null;
        }

        List<ForestKernel> made = [];
        foreach (ForestShape chunk in chunks)
        {
            if (create(chunk) is not { } kernel)
            {
                return null;
            }

            made.Add(kernel);
        }

        return new ChunkedKernel(forest, [.. made]);
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
