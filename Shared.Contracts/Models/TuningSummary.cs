namespace Shared.Contracts.Models;

/// <summary>How the parameters of a version were found. A spec with that number of candidates finds them again.</summary>
public sealed record TuningSummary
{
    /// <summary>How many candidates were compared.</summary>
    public required int Candidates { get; init; }

    /// <summary>How many parts of the training rows each was compared on.</summary>
    public required int Folds { get; init; }

    /// <summary>What was compared, lower is better: <c>log-loss</c>, or <c>squared-error</c> for numbers.</summary>
    public required string Figure { get; init; }

    /// <summary>The figure with the spec's own parameters.</summary>
    public required double OwnLoss { get; init; }

    /// <summary>The figure with the parameters that were taken.</summary>
    public required double Loss { get; init; }

    /// <summary>The parameters that the version was trained with.</summary>
    public required ModelParameters Parameters { get; init; }
}
