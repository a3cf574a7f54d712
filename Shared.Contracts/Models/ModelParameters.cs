using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>The parameters of training that a spec gives; null takes the trainer's default. <see cref="ParameterTable"/> has their ranges.</summary>
public sealed record ModelParameters
{
    public const ulong DefaultSeed = 42;

    private double? _featureFraction;
    private double? _subsample;
    private double? _validationFraction;

    /// <summary>Trees of a forest, or rounds of boosting (each round grows one tree per class).</summary>
    public int? Trees { get; init; }

    /// <summary>Levels of splits in a tree.</summary>
    public int? Depth { get; init; }

    /// <summary>Most leaves of a tree. A tree of boosting then grows leaf-wise: the leaf whose split gains most is split next; null splits level
    /// by level. A tree of a forest grows as without it, and keeps the splits that gain most; null keeps all.</summary>
    public int? Leaves { get; init; }

    /// <summary>Shrinkage: the factor on the leaf values of each round of boosting.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Minimum of rows in a leaf.</summary>
    public int? MinSamplesLeaf { get; init; }

    /// <summary>Minimum of rows in a node that may split.</summary>
    public int? MinSamplesSplit { get; init; }

    /// <summary>Minimum of the sum of hessians in a leaf of boosting.</summary>
    public double? MinChildWeight { get; init; }

    /// <summary>L2 penalty on the leaf values of boosting.</summary>
    public double? L2 { get; init; }

    /// <summary>Fraction of the log share of each class that boosting over classes starts from: 0 starts with all classes alike, 1 with their
    /// shares.</summary>
    public double? StartScore { get; init; }

    /// <summary>Fraction of the columns that are tried at each split of a forest, or for each tree of boosting.</summary>
    public double? FeatureFraction
    {
        get => _featureFraction;
        init => _featureFraction = value;
    }

    /// <summary>Fraction of the training rows that each round draws, without replacement.</summary>
    public double? Subsample
    {
        get => _subsample;
        init => _subsample = value;
    }

    /// <summary>Rounds of boosting without a lower validation loss after which training stops; the best round is kept. Null never stops
    /// early.</summary>
    public int? EarlyStoppingRounds { get; init; }

    /// <summary>Fraction of the training rows that early stopping measures the loss on, and no tree learns from.</summary>
    public double? ValidationFraction
    {
        get => _validationFraction;
        init => _validationFraction = value;
    }

    /// <summary>Column name to 1 (the score never falls as the value grows) or -1 (never rises); boosting of one output only.</summary>
    public IReadOnlyDictionary<string, int>? Monotone { get; init; }

    /// <summary>The columns that trees may split by; null: all. The inputs of the model stay those of its schema.</summary>
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>Rows that each tree of an isolation forest draws.</summary>
    public int? SamplesPerTree { get; init; }

    /// <summary>Fraction of the training rows that an isolation forest calls anomalous.</summary>
    public double? Contamination { get; init; }

    /// <summary>Whether trees learn from scaled number columns and the graph scales them too. Trees split alike without; it makes
    /// thresholds comparable between columns.</summary>
    public bool? Scale { get; init; }

    /// <summary>Seed of every random choice.</summary>
    public ulong? Seed { get; init; }

    // The JSON names of earlier versions: users' files and stored specs hold them. They are read, and never written.
    [JsonInclude]
    [JsonPropertyName("columnShare")]
    internal double? OlderFeatureFraction
    {
        get => null;
        set => _featureFraction = value;
    }

    [JsonInclude]
    [JsonPropertyName("rowShare")]
    internal double? OlderSubsample
    {
        get => null;
        set => _subsample = value;
    }

    [JsonInclude]
    [JsonPropertyName("watchedShare")]
    internal double? OlderValidationFraction
    {
        get => null;
        set => _validationFraction = value;
    }
}
