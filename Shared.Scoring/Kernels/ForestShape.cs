using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>Properties of a forest that decide which kernels support it, computed once for all kernels.</summary>
internal sealed class ForestShape(TreeForest forest)
{
    private readonly Lazy<RankEncoder?> _encoder = new(() => RankEncoder.Build(forest.Trees));
    private readonly Lazy<int[]> _depths = new(() => [.. forest.Trees.Select(CompleteTree.ComputeDepth)]);

    public TreeForest Forest { get; } = forest;

    /// <summary>Per tree, the branches on its longest path.</summary>
    public int[] Depths => _depths.Value;

    public int MaxDepth => Depths.Max();

    public int MaxLeaves => Forest.Trees.Max(t => t.Feature.Length) + 1;

    /// <param name="maxRanks">The maximum number of ranks of a row.</param>
    /// <returns>The forest's rank encoder; null where bytes cannot hold its ranks, or a row has more of them.</returns>
    public RankEncoder? FindEncoder(int maxRanks) =>
        _encoder.Value is { } encoder && encoder.Count <= maxRanks ? encoder : null;

    /// <summary>Cuts the forest into chunks, in tree order, that each have a rank encoder.</summary>
    /// <returns>Empty where a single tree has no rank encoder.</returns>
    public IReadOnlyList<ForestShape> Chunk(int maxTrees)
    {
        List<ForestShape> chunks = [];
        for (int start = 0; start < Forest.Trees.Count;)
        {
            int count = Math.Min(maxTrees, Forest.Trees.Count - start);
            ForestShape chunk = Slice(start, count);
            while (chunk.FindEncoder(PackedTrees.LeafRankIndex) is null)
            {
                if (count == 1)
                {
                    return [];
                }

                count /= 2;
                chunk = Slice(start, count);
            }

            chunks.Add(chunk);
            start += count;
        }

        return chunks;
    }

    private ForestShape Slice(int start, int count) => new(Forest with { Trees = [.. Forest.Trees.Skip(start).Take(count)] });
}
