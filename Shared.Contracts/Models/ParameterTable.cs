namespace Shared.Contracts.Models;

/// <summary>The table of all parameters of training. Validation, error texts, the engines' own tables and the guide are made from it,
/// so that a range stands in one place. An engine adds which parameters its trainers read, and their defaults there.</summary>
public static class ParameterTable
{
    public static ParameterDefinition Trees { get; } = Whole(
        "trees", 1, 10_000, "trees of a forest, or rounds of boosting (each grows one tree per class)", p => p.Trees);

    public static ParameterDefinition Depth { get; } = Whole("depth", 1, 64, "levels of splits in a tree", p => p.Depth);

    public static ParameterDefinition Leaves { get; } = Whole(
        "leaves", 2, 65_536,
        "maximum of leaves in a tree: boosting then grows leaf-wise, to any depth unless `depth` is given; a forest keeps the splits that gain most",
        p => p.Leaves);

    public static ParameterDefinition LearningRate { get; } = Share(
        "learningRate", 1, "shrinkage: the factor on the leaf values of each round", p => p.LearningRate);

    public static ParameterDefinition MinSamplesLeaf { get; } = Whole(
        "minSamplesLeaf", 1, int.MaxValue, "minimum of rows in a leaf", p => p.MinSamplesLeaf);

    public static ParameterDefinition MinSamplesSplit { get; } = Whole(
        "minSamplesSplit", 2, int.MaxValue, "minimum of rows in a node that may split", p => p.MinSamplesSplit);

    public static ParameterDefinition MinChildWeight { get; } = Number(
        "minChildWeight", 0, 1_000_000_000, "minimum of the sum of hessians in a leaf", p => p.MinChildWeight);

    public static ParameterDefinition L2 { get; } = Number("l2", 0, 1_000_000_000, "L2 penalty on leaf values", p => p.L2);

    public static ParameterDefinition StartScore { get; } = Number(
        "startScore", 0, 1, "fraction of the log share of each class that scores start from: 0 starts with all classes alike", p => p.StartScore);

    public static ParameterDefinition FeatureFraction { get; } = Share(
        "featureFraction", 1, "fraction of the columns that are tried at each split of a forest, or for each tree of boosting",
        p => p.FeatureFraction) with
    {
        OlderNames = ["columnShare"],
    };

    public static ParameterDefinition Subsample { get; } = Share(
        "subsample", 1, "fraction of the training rows that each round or tree draws, without replacement", p => p.Subsample) with
    {
        OlderNames = ["rowShare"],
    };

    public static ParameterDefinition EarlyStoppingRounds { get; } = Whole(
        "earlyStoppingRounds", 1, 10_000, "rounds without a lower validation loss after which training stops; the best round is kept",
        p => p.EarlyStoppingRounds);

    public static ParameterDefinition ValidationFraction { get; } = Share(
        "validationFraction", 0.5m, "fraction of the training rows that early stopping measures the loss on, and no tree learns from",
        p => p.ValidationFraction) with
    {
        OlderNames = ["watchedShare"],
    };

    public static ParameterDefinition Monotone { get; } = new(
        "monotone", ParameterKind.Directions,
        "columns with which the score never falls (1) or never rises (-1); for a number or two classes", p => p.Monotone);

    public static ParameterDefinition Features { get; } = new(
        "features", ParameterKind.Names, "columns that trees may split by; an app gives a model all of its columns all the same", p => p.Features);

    public static ParameterDefinition SamplesPerTree { get; } = Whole(
        "samplesPerTree", 2, 65_536, "rows that each tree of an isolation forest draws", p => p.SamplesPerTree);

    public static ParameterDefinition Contamination { get; } = Share(
        "contamination", 0.5m, "fraction of the training rows that score below the offset, and so count as anomalies", p => p.Contamination);

    public static ParameterDefinition Scale { get; } = new(
        "scale", ParameterKind.Flag, "whether trees learn from scaled number columns, and the graph scales them too", p => p.Scale);

    public static ParameterDefinition Seed { get; } = Whole("seed", 0, ulong.MaxValue, "seed of every random choice", p => p.Seed);

    /// <summary>In the order of <see cref="ModelParameters"/>.</summary>
    public static IReadOnlyList<ParameterDefinition> All { get; } =
    [
        Trees, Depth, Leaves, LearningRate, MinSamplesLeaf, MinSamplesSplit, MinChildWeight, L2, StartScore, FeatureFraction, Subsample,
        EarlyStoppingRounds, ValidationFraction, Monotone, Features, SamplesPerTree, Contamination, Scale, Seed,
    ];

    private static ParameterDefinition Whole(string name, decimal min, decimal max, string meaning, Func<ModelParameters, object?> value) =>
        new(name, ParameterKind.WholeNumber, meaning, value) { Min = min, Max = max };

    private static ParameterDefinition Number(string name, decimal min, decimal max, string meaning, Func<ModelParameters, object?> value) =>
        new(name, ParameterKind.Number, meaning, value) { Min = min, Max = max };

    private static ParameterDefinition Share(string name, decimal max, string meaning, Func<ModelParameters, object?> value) =>
        new(name, ParameterKind.Number, meaning, value) { IsMinExcluded = true, Max = max };
}
