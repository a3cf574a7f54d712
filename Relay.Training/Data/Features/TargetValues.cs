using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Data.Features;

/// <summary>What target statistics sum up of each training row, as whole numbers, so that sums do not depend on the order of rows: 1 for the
/// groups of its class (<see cref="TargetGroups"/>), or the number to learn in fixed steps.</summary>
internal sealed class TargetValues
{
    private readonly int[] _labels;
    private readonly int[][] _groups;
    private readonly long[]? _targets;

    private TargetValues(int[] labels, int[][] groups, FixedPoint? targets)
    {
        (_labels, _groups, _targets) = (labels, groups, targets?.Values);
        Columns = targets is null ? 1 + groups.SelectMany(g => g).Max() : 1;
        Step = targets?.Step ?? 1;
    }

    /// <summary>Statistics of each text.</summary>
    public int Columns { get; }

    /// <summary>What 1 in a sum is worth.</summary>
    public double Step { get; }

    /// <param name="labels">Per row of this shard, its class.</param>
    /// <param name="classRows">Per class, the rows of all shards.</param>
    /// <param name="targets">Per row of this shard the number to learn; null where there are classes.</param>
    /// <param name="rows">Rows of all shards.</param>
    public static TargetValues Create(int[] labels, IReadOnlyList<long> classRows, float[]? targets, long rows, IShardGroup shards) => targets is null
        ? new TargetValues(labels, TargetGroups.Create(classRows), null)
        : new TargetValues([], [], FixedPoint.FromValues(Array.ConvertAll(targets, t => (double)t), rows, 0, shards));

    /// <summary>Adds a row of this shard, to one sum for each of <see cref="Columns"/>.</summary>
    public void Add(int row, Span<long> sums)
    {
        if (_targets is not null)
        {
            sums[0] += _targets[row];
            return;
        }

        foreach (int group in _groups[_labels[row]])
        {
            sums[group]++;
        }
    }
}
