using Relay.Training.Engines.Abstractions;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Parameters of boosting with defaults filled in and ranges checked.</summary>
internal sealed record BoostingParameters
{
    public static TrainerParameters Table { get; } = new(
        new(ParameterTable.Trees, 100),
        new(ParameterTable.Depth, 6),
        new(ParameterTable.LearningRate, 0.3),
        new(ParameterTable.MinSamplesLeaf, 1),
        new(ParameterTable.MinSamplesSplit, 2),
        new(ParameterTable.MinChildWeight, 1),
        new(ParameterTable.L2, 1),
        new(ParameterTable.FeatureFraction, 1),
        new(ParameterTable.Subsample, 1),
        new(ParameterTable.EarlyStoppingRounds) { WithoutValue = "never" },
        new(ParameterTable.ValidationFraction, 0.1),
        new(ParameterTable.Monotone) { WithoutValue = "none" },
        new(ParameterTable.Scale) { WithoutValue = "false" },
        new(ParameterTable.Seed, ModelParameters.DefaultSeed));

    public required int Rounds { get; init; }

    public required int Depth { get; init; }

    public required double LearningRate { get; init; }

    public required int MinSamplesLeaf { get; init; }

    public required int MinSamplesSplit { get; init; }

    public required double MinChildWeight { get; init; }

    public required double L2 { get; init; }

    public required double FeatureFraction { get; init; }

    public required double Subsample { get; init; }

    public required int? EarlyStoppingRounds { get; init; }

    public required double ValidationFraction { get; init; }

    public required ulong Seed { get; init; }

    /// <exception cref="TrainingException">A parameter is out of range.</exception>
    public static BoostingParameters From(ModelParameters given)
    {
        Table.Require(given);
        return new()
        {
            Rounds = given.Trees ?? Table.WholeDefault(ParameterTable.Trees),
            Depth = given.Depth ?? Table.WholeDefault(ParameterTable.Depth),
            LearningRate = given.LearningRate ?? Table.Default(ParameterTable.LearningRate),
            MinSamplesLeaf = given.MinSamplesLeaf ?? Table.WholeDefault(ParameterTable.MinSamplesLeaf),
            MinSamplesSplit = given.MinSamplesSplit ?? Table.WholeDefault(ParameterTable.MinSamplesSplit),
            MinChildWeight = given.MinChildWeight ?? Table.Default(ParameterTable.MinChildWeight),
            L2 = given.L2 ?? Table.Default(ParameterTable.L2),
            FeatureFraction = given.FeatureFraction ?? Table.Default(ParameterTable.FeatureFraction),
            Subsample = given.Subsample ?? Table.Default(ParameterTable.Subsample),
            EarlyStoppingRounds = given.EarlyStoppingRounds,
            ValidationFraction = given.ValidationFraction ?? Table.Default(ParameterTable.ValidationFraction),
            Seed = given.Seed ?? ModelParameters.DefaultSeed,
        };
    }
}
