namespace Shared.Scoring.Kernels;

/// <summary>The upper levels of all trees, walked in parallel with one tree per byte of a vector, without branches or gathers.</summary>
internal abstract class TreeLevels
{
    public const int MaxDepth = 6;

    /// <summary>The instruction set.</summary>
    public abstract string Name { get; }

    /// <summary>The number of ranks that <see cref="Run"/> reads.</summary>
    public abstract int MaxRanks { get; }

    /// <summary>The number of bytes that <see cref="Run"/> writes: one per tree, rounded up to whole vectors.</summary>
    public abstract int PathCount { get; }

    /// <summary>Computes the path of a row through the levels of every tree.</summary>
    /// <param name="ranks"><see cref="MaxRanks"/> ranks of the row.</param>
    /// <param name="paths"><see cref="PathCount"/> bytes: per tree the directions taken, the first one in the highest bit; right is
    /// 1.</param>
    public abstract void Run(Span<sbyte> ranks, Span<byte> paths);
}
