namespace Benchmarks.Quality;

/// <summary>What the 95% interval of a difference says of ours.</summary>
internal enum Verdict
{
    Better,

    /// <summary>The interval holds 0.</summary>
    Level,
    Worse,
}
