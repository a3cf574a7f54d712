using Relay.Training.Engines.Abstractions;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Parameters of boosting with defaults filled in and ranges checked.</summary>
internal sealed record BoostingParameters
{
    public static TrainerParameters Table { get; } = new(
        new(ParameterTable.Trees, 100),
        new(ParameterTable.Depth, 6),
        new(ParameterTable.Leaves) { WithoutValue = "level by level" },
        new(ParameterTable.LearningRate, 0.3),
        new(ParameterTable.MinSamplesLeaf, 1),
        new(ParameterTable.MinSamplesSplit, 2),
        new(ParameterTable.MinChildWeight, 1),
        new(ParameterTable.L2, 1),
        new(ParameterTable.StartScore, 0),
        new(ParameterTable.FeatureFraction, 1),
        new(ParameterTable.Subsample, 1),
        new(ParameterTable.EarlyStoppingRounds) { WithoutValue = "never" },
        new(ParameterTable.ValidationFraction, 0.1),
        new(ParameterTable.Monotone) { WithoutValue = "none" },
        new(ParameterTable.Features) { WithoutValue = "all" },
        new(ParameterTable.Scale) { WithoutValue = "false" },
        new(ParameterTable.Seed, ModelParameters.DefaultSeed));

    public required int Rounds { get; init; }

    public required int Depth { get; init; }

    /// <summary>Null grows trees level by level.</summary>
    public required int? Leaves { get; init; }

    public required double LearningRate { get; init; }

    public required int MinSamplesLeaf { get; init; }

    public required int MinSamplesSplit { get; init; }

    public required double MinChildWeight { get; init; }

    public required double L2 { get; init; }

    public required double StartScore { get; init; }

    public required double FeatureFraction { get; init; }

    public required double Subsample { get; init; }

    public required int? EarlyStoppingRounds { get; init; }

    public required double ValidationFraction { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Memory for the histograms of leaves that wait, in trees that grow leaf-wise. No part of what is learned.</summary>
    public long HistogramBytes { get; init; } = 256 << 20;

    /// <exception cref="TrainingException">A parameter is out of range.</exception>
    public static BoostingParameters From(ModelParameters given)
    {
        Table.Require(given);
        return new()
        {
            Rounds = given.Trees ?? Table.WholeDefault(ParameterTable.Trees),
            Depth = given.Depth ?? (given.Leaves is null ? Table.WholeDefault(ParameterTable.Depth) : (int)ParameterTable.Depth.Max),
            Leaves = given.Leaves,
            LearningRate = given.LearningRate ?? Table.Default(ParameterTable.LearningRate),
            MinSamplesLeaf = given.MinSamplesLeaf ?? Table.WholeDefault(ParameterTable.MinSamplesLeaf),
            MinSamplesSplit = given.MinSamplesSplit ?? Table.WholeDefault(ParameterTable.MinSamplesSplit),
            MinChildWeight = given.MinChildWeight ?? Table.Default(ParameterTable.MinChildWeight),
            L2 = given.L2 ?? Table.Default(ParameterTable.L2),
            StartScore = given.StartScore ?? Table.Default(ParameterTable.StartScore),
            FeatureFraction = given.FeatureFraction ?? Table.Default(ParameterTable.FeatureFraction),
            Subsample = given.Subsample ?? Table.Default(ParameterTable.Subsample),
            EarlyStoppingRounds = given.EarlyStoppingRounds,
            ValidationFraction = given.ValidationFraction ?? Table.Default(ParameterTable.ValidationFraction),
            Seed = given.Seed ?? ModelParameters.DefaultSeed,
        };
    }
}
