namespace Sync.Client.Runtime.Managed.Kernels;

/// <summary>A large forest in pieces, one after the other in tree order: each has thresholds and columns few enough for byte
/// codes of its own, and in a batch stays in the cache while all rows pass through it.</summary>
internal sealed class ChunkedKernel : ForestKernel
{
    private readonly ForestKernel[] _chunks;

    private ChunkedKernel(TreeForest forest, ForestKernel[] chunks)
        : base(forest) => _chunks = chunks;

    public override string Name => $"chunked-{_chunks.Length}-{_chunks[0].Name}";

    /// <param name="create">The kernel of a chunk, or null where it does not take it.</param>
    /// <param name="most">Most trees of a chunk.</param>
    /// <returns>Null where one tree alone is too much, or the forest is no more than one chunk.</returns>
    public static ForestKernel? TryCreate(TreeForest forest, Func<TreeForest, ForestKernel?> create, int most)
    {
        List<ForestKernel> chunks = [];
        for (int start = 0; start < forest.Trees.Count;)
        {
            int count = Math.Min(most, forest.Trees.Count - start);
            ForestKernel? chunk = create(Part(start, count));
            while (chunk is null && count > 1)
            {
                count /= 2;
                chunk = create(Part(start, count));
            }

            if (chunk is null)
            {
                return null;
            }

            chunks.Add(chunk);
            start += count;
        }

        return chunks.Count > 1 ? new ChunkedKernel(forest, [.. chunks]) : null;

        TreeForest Part(int start, int count) => forest with { Trees = [.. forest.Trees.Skip(start).Take(count)] };
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
