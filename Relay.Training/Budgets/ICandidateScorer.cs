namespace Relay.Training.Budgets;

/// <summary>Scores a row with all models of a family at once. One thread at a time uses it.</summary>
internal interface ICandidateScorer
{
    /// <param name="row">Encoded.</param>
    /// <param name="answers">Per model: the class, the number, or how anomalous the row is.</param>
    void Score(ReadOnlySpan<float> row, Span<float> answers);
}
