using Microsoft.ML.Trainers.FastTree;
using Relay.Training.Engines.Abstractions;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.MlNet;

/// <summary>Parameters as ML.NET's trees take them, with ML.NET's defaults. It grows leaf by leaf, so a depth becomes the number of
/// leaves that a full tree of that depth has.</summary>
internal sealed record MlNetParameters(
    int Trees, int Leaves, double LearningRate, int MinSamplesLeaf, double? FeatureFraction, double? Subsample, int Seed)
{
    private const int DefaultLeaves = 20;

    // Leaves double with each level: 65,536 in one tree is more than rows can fill with meaning.
    private const int MaxDepth = 16;

    private const int DefaultTrees = 100;
    private const int DefaultMinSamplesLeaf = 10;

    public static TrainerParameters BoostingTable { get; } = new(
        new(ParameterTable.Trees, DefaultTrees),
        new(ParameterTable.Depth) { WithoutValue = $"{DefaultLeaves} leaves", Max = MaxDepth },
        new(ParameterTable.LearningRate, 0.2),
        new(ParameterTable.MinSamplesLeaf, DefaultMinSamplesLeaf),
        new(ParameterTable.FeatureFraction, 1),
        new(ParameterTable.Subsample, 1),
        new(ParameterTable.Scale) { WithoutValue = "false" },
        new(ParameterTable.Seed, ModelParameters.DefaultSeed));

    public static TrainerParameters ForestTable { get; } = new(
        new(ParameterTable.Trees, DefaultTrees),
        new(ParameterTable.Depth) { WithoutValue = $"{DefaultLeaves} leaves", Max = MaxDepth },
        new(ParameterTable.MinSamplesLeaf, DefaultMinSamplesLeaf),
        new(ParameterTable.FeatureFraction) { WithoutValue = "ML.NET's" },
        new(ParameterTable.Subsample) { WithoutValue = "ML.NET's" },
        new(ParameterTable.Scale) { WithoutValue = "false" },
        new(ParameterTable.Seed, ModelParameters.DefaultSeed));

    /// <exception cref="TrainingException">A parameter is out of range.</exception>
    public static MlNetParameters From(ModelParameters given)
    {
        BoostingTable.Require(given);
        return new(
            given.Trees ?? DefaultTrees,
            given.Depth is { } depth ? 1 << depth : DefaultLeaves,
            given.LearningRate ?? BoostingTable.Default(ParameterTable.LearningRate),
            given.MinSamplesLeaf ?? DefaultMinSamplesLeaf,
            given.FeatureFraction,
            given.Subsample,
            (int)((given.Seed ?? ModelParameters.DefaultSeed) & int.MaxValue));
    }

    /// <summary>Sets the options that all tree trainers of ML.NET have.</summary>
    public TOptions Fill<TOptions>(TOptions options, string label, string? weight, int threads)
        where TOptions : TreeOptions
    {
        options.LabelColumnName = label;
        options.FeatureColumnName = RowView.Features;
        options.ExampleWeightColumnName = weight;
        options.NumberOfTrees = Trees;
        options.NumberOfLeaves = Leaves;
        options.MinimumExampleCountPerLeaf = MinSamplesLeaf;
        options.NumberOfThreads = threads;
        options.Seed = Seed;
        options.FeatureSelectionSeed = Seed;
        options.MemoryStatistics = false;
        if (options is BoostedTreeOptions boosted)
        {
            boosted.LearningRate = LearningRate;
            boosted.FeatureFraction = FeatureFraction ?? 1;
            if (Subsample is { } share)
            {
                // A new sample for every tree.
                boosted.BaggingSize = 1;
                boosted.BaggingExampleFraction = share;
            }
        }
        else
        {
            options.FeatureFractionPerSplit = FeatureFraction ?? options.FeatureFractionPerSplit;
            options.BaggingExampleFraction = Subsample ?? options.BaggingExampleFraction;
        }

        return options;
    }
}
