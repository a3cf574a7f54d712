using Microsoft.ML.Trainers.FastTree;
using Relay.Training.Engines.Common;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.MlNet;

/// <summary>Parameters as ML.NET's trees take them, with ML.NET's defaults. It grows leaf by leaf, so a depth becomes the number of
/// leaves that a full tree of that depth has.</summary>
internal sealed record MlNetParameters(int Trees, int Leaves, double LearningRate, int MinSamplesLeaf, double? ColumnShare, double? RowShare, int Seed)
{
    private const int DefaultLeaves = 20;

    // Leaves double with each level: 65,536 in one tree is more than rows can fill with meaning.
    private const int MaxDepth = 16;

    public static MlNetParameters From(ModelParameters given) => new(
        ParameterRange.Check("trees", given.Trees ?? 100, 1, 10_000),
        given.Depth is { } depth ? 1 << ParameterRange.Check("depth", depth, 1, MaxDepth) : DefaultLeaves,
        ParameterRange.CheckAbove("learningRate", given.LearningRate ?? 0.2, 0, 1),
        ParameterRange.Check("minSamplesLeaf", given.MinSamplesLeaf ?? 10, 1, int.MaxValue),
        given.ColumnShare is { } columns ? ParameterRange.CheckAbove("columnShare", columns, 0, 1) : null,
        given.RowShare is { } rows ? ParameterRange.CheckAbove("rowShare", rows, 0, 1) : null,
        (int)((given.Seed ?? ModelParameters.DefaultSeed) & int.MaxValue));

    /// <summary>Fills in what all trees of ML.NET have in common.</summary>
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
            boosted.FeatureFraction = ColumnShare ?? 1;
            if (RowShare is { } share)
            {
                // A new sample for every tree.
                boosted.BaggingSize = 1;
                boosted.BaggingExampleFraction = share;
            }
        }
        else
        {
            options.FeatureFractionPerSplit = ColumnShare ?? options.FeatureFractionPerSplit;
            options.BaggingExampleFraction = RowShare ?? options.BaggingExampleFraction;
        }

        return options;
    }
}
