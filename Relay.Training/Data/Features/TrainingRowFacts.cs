using System.Runtime.InteropServices;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Data.Features;

/// <summary>What is kept of the training rows for the gates, which need them as they were read.</summary>
/// <param name="ConstantColumns">Features with one value, or none, in all rows.</param>
/// <param name="Fingerprints">Per row of all shards, in order (<see cref="RowFingerprint"/>); of this shard alone where there are
/// <see cref="Others"/>.</param>
/// <param name="Labels">Per such row, its class.</param>
/// <param name="Sample">At most <see cref="SampleRows"/> rows, drawn by a hash of their number; of this shard where there are several.</param>
internal sealed record TrainingRowFacts(IReadOnlyList<string> ConstantColumns, ulong[] Fingerprints, int[] Labels, DataSet Sample)
{
    /// <summary>Rows of <see cref="Sample"/>, about.</summary>
    public const int SampleRows = 20_000;

    /// <summary>Per feature, its values in the rows of all shards; none of an imported model.</summary>
    public IReadOnlyList<ColumnProfile> Profiles { get; init; } = [];

    /// <summary>The group whose other members have further rows, where it shares sums only; else <see cref="Fingerprints"/> has all rows.</summary>
    public IShardGroup Others { get; init; } = SingleShard.Instance;

    /// <summary>Training rows of all shards.</summary>
    public long Rows => RowsOfAll ?? Labels.Length;

    private long? RowsOfAll { get; init; }

    /// <summary>The facts of rows of one process.</summary>
    public static TrainingRowFacts Create(DataSet train)
    {
        bool[] drawn = new bool[train.Labels.Length];
        TrainingSampler sampler = new(train.Rows);
        for (int row = 0; row < drawn.Length; row++)
        {
            drawn[row] = sampler.Draws(row);
        }

        RowSelection rows = RowSelection.Where(drawn);
        DataSet sample = train with { Columns = [.. train.Columns.Select(rows.Take)], Labels = rows.Take(train.Labels), SampleWeights = null };
        return new TrainingRowFacts(
            [.. train.Columns.Where(DataChecks.IsConstant).Select(c => c.Name)],
            RowFingerprint.Compute(train.Columns, train.Labels.Length), train.Labels,
            train.Targets is { } targets ? sample with { Targets = rows.Take(targets) } : sample)
        {
            Profiles = [.. train.Columns.Select(ColumnProfile.Create)],
        };
    }

    /// <summary>The same with the rows of all shards.</summary>
    /// <param name="rows">Of all shards.</param>
    public TrainingRowFacts Gather(IShardGroup shards, long rows) => shards.Size == 1 ? this
        : shards.SharesSumsOnly ? this with { Others = shards, RowsOfAll = rows }
        : this with
        {
            Fingerprints = [.. shards.Gather(RowFingerprint.ToBytes(Fingerprints)).SelectMany(b => MemoryMarshal.Cast<byte, ulong>(b).ToArray())],
            Labels = [.. shards.Gather(MemoryMarshal.AsBytes(Labels.AsSpan())).SelectMany(b => MemoryMarshal.Cast<byte, int>(b).ToArray())],
        };
}
