using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Engines.Common;

/// <summary>Encoded rows, as the engines take them.</summary>
/// <param name="Columns">One array per column, one value per row; NaN is a missing value. A category is its code. Empty where
/// the rows were read into bins.</param>
/// <param name="Labels">Class index per row; all 0 where there are no classes.</param>
/// <param name="ClassCount">Number of classes, at least 2; 1 where the task has none.</param>
public sealed record TrainingSet(float[][] Columns, int[] Labels, int ClassCount)
{
    public int RowCount => Labels.Length;

    /// <summary>One name per column, for parameters that name columns; null: none can.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Columns, also where <see cref="Columns"/> holds none because rows were read straight into bins.</summary>
    public int FeatureCount { get => Columns.Length > 0 ? Columns.Length : field; init; }

    /// <summary>The rows as bins, for engines that need no more of them; null where
    /// <see cref="Columns"/> holds them.</summary>
    internal BinnedRows? Binned { get; init; }

    /// <summary>The group that trains together, each member on a set of its own; all sets have the same columns and classes.</summary>
    public IShardGroup Shards { get; init; } = SingleShard.Instance;

    /// <summary>The number of the first row among the rows of all shards.</summary>
    public long FirstRow { get; init; }

    /// <summary>Per row the number to learn, finite; null unless the task is regression.</summary>
    public float[]? Targets { get; init; }

    /// <summary>Per row how much it counts, finite and above 0; null: all count 1.</summary>
    public float[]? SampleWeights { get; init; }
}
