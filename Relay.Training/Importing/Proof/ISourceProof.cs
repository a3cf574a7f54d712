namespace Relay.Training.Importing.Proof;

/// <summary>Answers as the source itself gives them, to compare a finished file with.</summary>
internal interface ISourceProof
{
    /// <summary>The number of thresholds of the source.</summary>
    long Thresholds { get; }

    /// <summary>How many thresholds are no float32, so that doubles next to them change sides when they are rounded.</summary>
    long RoundedThresholds { get; }

    /// <summary>Whether every row has a finite answer, also one of missing or infinite values.</summary>
    bool IsTotal { get; }

    /// <summary>Proves each tree by itself, where the source has trees that were converted.</summary>
    /// <param name="baseRows">Rows in the order of the schema's inputs.</param>
    /// <returns>Rows compared.</returns>
    /// <exception cref="TrainingException">With ImportMismatch: the first row that differs.</exception>
    long RequireTrees(IReadOnlyList<float[]> baseRows, Action<long>? done, CancellationToken cancellationToken);

    /// <summary>Rows at thresholds, evenly chosen, in the order of the schema's inputs.</summary>
    IReadOnlyList<float[]> RowsAtThresholds(IReadOnlyList<float[]> baseRows, int atMost);

    /// <summary>The source's answers.</summary>
    /// <param name="rows">In the order of the schema's inputs.</param>
    IReadOnlyList<SourceAnswer> Answer(IReadOnlyList<float[]> rows, CancellationToken cancellationToken);
}

/// <param name="Values">Probabilities in the order of the schema's classes, or a number.</param>
/// <param name="Tolerance">How far float32 may be from it.</param>
internal readonly record struct SourceAnswer(double[] Values, double Tolerance)
{
    /// <summary>The class that the source itself names; null where the highest probability does.</summary>
    public int? Label { get; init; }
}
