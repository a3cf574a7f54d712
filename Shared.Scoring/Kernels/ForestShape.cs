using Shared.Scoring.Lanes;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>What kernels ask about a forest before they take it; found out once for all of them.</summary>
internal sealed class ForestShape(TreeForest forest)
{
    private readonly Lazy<RankEncoder?> _codes = new(() => RankEncoder.Build(forest.Trees));
    private readonly Lazy<int[]> _depths = new(() => [.. forest.Trees.Select(CompleteTree.DepthOf)]);

    public TreeForest Forest { get; } = forest;

    /// <summary>Per tree, the branches on its longest way.</summary>
    public int[] Depths => _depths.Value;

    public int MaxDepth => Depths.Max();

    public int MaxLeaves => Forest.Trees.Max(t => t.Feature.Length) + 1;

    /// <param name="most">Most codes of a row.</param>
    /// <returns>The forest's byte codes, or null where it has none, or a row more of them.</returns>
    public RankEncoder? Codes(int most) => _codes.Value is { } codes && codes.Count <= most ? codes : null;

    /// <summary>The forest in pieces, in tree order: each with byte codes, and of at most so many trees.</summary>
    /// <returns>Empty where one tree alone has no codes.</returns>
    public IReadOnlyList<ForestShape> Chunks(int most)
    {
        List<ForestShape> chunks = [];
        for (int start = 0; start < Forest.Trees.Count;)
        {
            int count = Math.Min(most, Forest.Trees.Count - start);
            ForestShape chunk = Part(start, count);
            while (chunk.Codes(PackedTrees.LeafCode) is null)
            {
                if (count == 1)
                {
                    return [];
                }

                count /= 2;
                chunk = Part(start, count);
            }

            chunks.Add(chunk);
            start += count;
        }

        return chunks;
    }

    private ForestShape Part(int start, int count) => new(Forest with { Trees = [.. Forest.Trees.Skip(start).Take(count)] });
}
