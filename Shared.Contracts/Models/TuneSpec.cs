namespace Shared.Contracts.Models;

/// <summary>A search for parameters before training: candidates are compared on held-out folds of the training rows, and the best is trained
/// on all of them. At least one bound is given; a number of candidates alone gives the same model on any machine.</summary>
public sealed record TuneSpec
{
    /// <summary>Minutes after which no further candidate counts; null for no bound.</summary>
    public double? Minutes { get; init; }

    /// <summary>How many candidates are compared at most, the spec's own parameters among them; null for no bound but the minutes.</summary>
    public int? Candidates { get; init; }
}
