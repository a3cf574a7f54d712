namespace Shared.Scoring;

/// <summary>Computes the numeric output of one model. It knows no task. Its owner disposes it when no call is running.</summary>
internal interface IRowScorer : IDisposable
{
    /// <summary>The number of rows scored so far.</summary>
    long ScoredRows { get; }

    /// <summary>Scores rows; allocates nothing for a model without category inputs.</summary>
    /// <param name="numbers">Row after row.</param>
    /// <param name="categories">Row after row.</param>
    /// <param name="rows">The number of rows, which the lengths of the other arguments match.</param>
    /// <param name="outputs">Receives the numeric output, row after row.</param>
    /// <exception cref="RowScorerException">The scorer fails on these rows.</exception>
    void Score(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int rows, Span<float> outputs);
}
