using System.Numerics;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Common;

/// <summary>Parameters of boosting with defaults filled in and ranges checked.</summary>
internal sealed record BoostingParameters(
    int Rounds, int Depth, double LearningRate, int MinSamplesLeaf, int MinSamplesSplit, double MinChildWeight, double L2,
    double ColumnShare, double RowShare, int? EarlyStoppingRounds, double WatchedShare, ulong Seed)
{
    public static BoostingParameters From(ModelParameters given) => new(
        ParameterRange.Check("trees", given.Trees ?? 100, 1, 10_000),
        ParameterRange.Check("depth", given.Depth ?? 6, 1, 64),
        ParameterRange.CheckAbove("learningRate", given.LearningRate ?? 0.3, 0, 1),
        ParameterRange.Check("minSamplesLeaf", given.MinSamplesLeaf ?? 1, 1, int.MaxValue),
        ParameterRange.Check("minSamplesSplit", given.MinSamplesSplit ?? 2, 2, int.MaxValue),
        ParameterRange.Check("minChildWeight", given.MinChildWeight ?? 1, 0, 1e9),
        ParameterRange.Check("l2", given.L2 ?? 1, 0, 1e9),
        ParameterRange.CheckAbove("columnShare", given.ColumnShare ?? 1, 0, 1),
        ParameterRange.CheckAbove("rowShare", given.RowShare ?? 1, 0, 1),
        given.EarlyStoppingRounds is { } rounds ? ParameterRange.Check("earlyStoppingRounds", rounds, 1, 10_000) : null,
        ParameterRange.CheckAbove("watchedShare", given.WatchedShare ?? 0.1, 0, 0.5),
        given.Seed ?? ModelParameters.DefaultSeed);
}

internal static class ParameterRange
{
    public static T Check<T>(string name, T value, T least, T most)
        where T : INumber<T> =>
        value >= least && value <= most ? value : throw Refuse(name, value, $"{least} to {most}");

    public static double CheckAbove(string name, double value, double bound, double most) =>
        value > bound && value <= most ? value : throw Refuse(name, value, $"above {bound} to {most}");

    private static TrainingException Refuse(string name, object value, string range) =>
        new(TrainingFault.InvalidSpec, $"spec, parameters.{name}: {value}, expected {range}");
}
