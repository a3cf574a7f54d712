namespace Shared.Scoring;

/// <summary>Runs one model: numbers and categories in, the numeric output out. Knows no task; whoever disposes it makes sure that no call
/// is inside.</summary>
internal interface IRowScorer : IDisposable
{
    /// <summary>Rows scored so far.</summary>
    long Scored { get; }

    /// <summary>Scores rows; allocates nothing for a model without category inputs.</summary>
    /// <param name="numbers">Row after row.</param>
    /// <param name="categories">Row after row.</param>
    /// <param name="rows">Their number; numbers, categories and outputs have exactly the places for it.</param>
    /// <param name="outputs">Gets the numeric output, row after row.</param>
    void Score(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int rows, Span<float> outputs);
}
