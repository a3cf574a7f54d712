namespace Shared.Contracts.Models;

/// <summary>Parameters of training; a null takes the algorithm's default.</summary>
public sealed record ModelParameters
{
    public const ulong DefaultSeed = 42;

    /// <summary>Trees of a forest, or rounds of boosting (each round grows one tree per class). 1 to 10,000.</summary>
    public int? Trees { get; init; }

    /// <summary>Levels of splits, 1 to 64. Default 6 for boosting, 20 for a forest.</summary>
    public int? Depth { get; init; }

    /// <summary>Shrinkage of each boosting round, above 0 to 1. Default 0.3.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Least rows in a leaf. Default 1.</summary>
    public int? MinSamplesLeaf { get; init; }

    /// <summary>Least rows in a node that may still split. Default 2.</summary>
    public int? MinSamplesSplit { get; init; }

    /// <summary>Least sum of second derivatives in a leaf of boosting. Default 1.</summary>
    public double? MinChildWeight { get; init; }

    /// <summary>L2 penalty on the leaf values of boosting. Default 1.</summary>
    public double? L2 { get; init; }

    /// <summary>Columns tried at each split of a forest, or for each tree of boosting, as a share, above 0 to 1. Default: the square
    /// root of their number for a forest, all for boosting.</summary>
    public double? ColumnShare { get; init; }

    /// <summary>Rows drawn without putting back for each round of boosting, as a share, above 0 to 1. Default 1.</summary>
    public double? RowShare { get; init; }

    /// <summary>Rounds of boosting without a better loss on the watched rows after which it stops; the best round is kept.
    /// Null never stops early.</summary>
    public int? EarlyStoppingRounds { get; init; }

    /// <summary>Share of the training rows that early stopping watches and does not train on, above 0 to 0.5. Default 0.1.</summary>
    public double? WatchedShare { get; init; }

    /// <summary>Column name to 1 (the score never falls as the value grows) or -1 (never rises); boosting of one output only.</summary>
    public IReadOnlyDictionary<string, int>? Monotone { get; init; }

    /// <summary>Rows that each tree of an isolation forest sees, 2 to 65,536. Default 256.</summary>
    public int? SamplesPerTree { get; init; }

    /// <summary>Share of training rows that an isolation forest calls anomalous, above 0 to 0.5. Default 0.1.</summary>
    public double? Contamination { get; init; }

    /// <summary>Whether trees learn from scaled number columns and the graph scales them too. Trees split alike without; it makes
    /// thresholds comparable between columns.</summary>
    public bool? Scale { get; init; }

    /// <summary>Seed of every random choice. Default 42.</summary>
    public ulong? Seed { get; init; }
}
