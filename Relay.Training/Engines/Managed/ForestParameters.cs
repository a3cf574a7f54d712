using Relay.Training.Engines.Common;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Managed;

/// <summary>Parameters of a forest with defaults filled in and ranges checked.</summary>
internal sealed record ForestParameters(
    int Trees, int Depth, int MinSamplesLeaf, int MinSamplesSplit, double? ColumnShare, ulong Seed, bool Bootstrap)
{
    public static ForestParameters From(ModelParameters given) => new(
        ParameterRange.Check("trees", given.Trees ?? 100, 1, 10_000),
        ParameterRange.Check("depth", given.Depth ?? 20, 1, 64),
        ParameterRange.Check("minSamplesLeaf", given.MinSamplesLeaf ?? 1, 1, int.MaxValue),
        ParameterRange.Check("minSamplesSplit", given.MinSamplesSplit ?? 2, 2, int.MaxValue),
        given.ColumnShare is { } share ? ParameterRange.CheckAbove("columnShare", share, 0, 1) : null,
        given.Seed ?? ModelParameters.DefaultSeed,
        Bootstrap: true);

    /// <summary>Columns to try at each split.</summary>
    public int ColumnsPerSplit(int columnCount) => Math.Clamp(
        (int)(ColumnShare is { } share ? Math.Round(share * columnCount) : Math.Sqrt(columnCount)), 1, columnCount);
}
