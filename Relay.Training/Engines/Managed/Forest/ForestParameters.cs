using Relay.Training.Engines.Abstractions;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Managed.Forest;

/// <summary>Parameters of a forest with defaults filled in and ranges checked.</summary>
internal sealed record ForestParameters(
    int Trees, int Depth, int? Leaves, int MinSamplesLeaf, int MinSamplesSplit, double? FeatureFraction, ulong Seed, bool Bootstrap)
{
    public static TrainerParameters Table { get; } = new(
        new(ParameterTable.Trees, 100),
        new(ParameterTable.Depth, 20),
        new(ParameterTable.Leaves) { WithoutValue = "all" },
        new(ParameterTable.MinSamplesLeaf, 1),
        new(ParameterTable.MinSamplesSplit, 2),
        new(ParameterTable.FeatureFraction) { WithoutValue = "square root of the number of columns" },
        new(ParameterTable.Features) { WithoutValue = "all" },
        new(ParameterTable.Scale) { WithoutValue = "false" },
        new(ParameterTable.Seed, ModelParameters.DefaultSeed));

    /// <exception cref="TrainingException">A parameter is out of range.</exception>
    public static ForestParameters From(ModelParameters given)
    {
        Table.Require(given);
        return new(
            given.Trees ?? Table.WholeDefault(ParameterTable.Trees),
            given.Depth ?? Table.WholeDefault(ParameterTable.Depth),
            given.Leaves,
            given.MinSamplesLeaf ?? Table.WholeDefault(ParameterTable.MinSamplesLeaf),
            given.MinSamplesSplit ?? Table.WholeDefault(ParameterTable.MinSamplesSplit),
            given.FeatureFraction,
            given.Seed ?? ModelParameters.DefaultSeed,
            Bootstrap: true);
    }

    /// <summary>Columns to try at each split.</summary>
    public int ColumnsPerSplit(int columnCount) => Math.Clamp(
        (int)(FeatureFraction is { } fraction ? Math.Round(fraction * columnCount) : Math.Sqrt(columnCount)), 1, columnCount);
}
