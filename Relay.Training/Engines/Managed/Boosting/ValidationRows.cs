using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Engines.Managed.Boosting.Objectives;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Rows that early stopping watches and no tree learns from.</summary>
internal sealed class ValidationRows
{
    private readonly IShardGroup shards;
    private readonly IObjective objective;
    private readonly int[] rows;
    private readonly long[] counts;
    private readonly long totalWeight;
    private readonly double lossOne;

    /// <param name="isWatched">Per binned row.</param>
    public ValidationRows(BinnedRows data, bool[] isWatched, IObjective objective, IntegerWeights weights)
    {
        shards = data.Shards;
        this.objective = objective;
        rows = [.. Enumerable.Range(0, data.RowCount).Where(row => isWatched[row])];
        counts = [.. rows.Select(row => data.Weights[row] * weights.Of(row))];
        totalWeight = shards.Sum(counts.Sum());
        lossOne = Math.ScaleB(1, 62 - weights.BitsOfTotal - objective.LossBoundBits);
    }

    /// <summary>Draws by what the row holds, so that equal rows are all watched or none, wherever they are.</summary>
    /// <exception cref="TrainingException">All or none are watched.</exception>
    public static bool[] Choose(BinnedRows data, BoostingParameters parameters)
    {
        HashSampler lottery = new(parameters.Seed, -1, parameters.ValidationFraction);
        bool[] watched = [.. Contents(data).Select(content => lottery.Draws(content))];

        bool someWatched = !data.Shards.All(!watched.Contains(true));
        bool someNot = !data.Shards.All(!watched.Contains(false));
        return someWatched && someNot ? watched : throw new TrainingException(
            TrainingFault.TooFewRows,
            $"parameters.validationFraction {parameters.ValidationFraction}: of {data.Shards.Sum(data.RowCount)} different rows none would be left to "
            + $"{(someWatched ? "learn from" : "watch")}; give more rows or leave earlyStoppingRounds out");
    }

    /// <summary>Mean loss of a row. Summed in whole numbers: the order of rows does not show.</summary>
    public double Loss(float[][] margins, int threads, CancellationToken cancellationToken)
    {
        const int Block = 4096;
        double most = Math.ScaleB(1, objective.LossBoundBits);
        long sum = 0;
        WorkerLoop.Run((rows.Length + Block - 1) / Block, threads, block =>
        {
            long here = 0;
            for (int i = block * Block; i < Math.Min(rows.Length, (block + 1) * Block); i++)
            {
                here += (long)(Math.Min(objective.Loss(rows[i], margins), most) * lossOne) * counts[i];
            }

            Interlocked.Add(ref sum, here);
        }, cancellationToken);
        return shards.Sum(sum) / lossOne / totalWeight;
    }

    // FNV-1a with a rotation; the lottery mixes it well.
    private static ulong[] Contents(BinnedRows data)
    {
        ulong[] hashes = new ulong[data.RowCount];
        hashes.AsSpan().Fill(0xCBF2_9CE4_8422_2325);
        foreach (byte[] column in data.ByColumn)
        {
            for (int row = 0; row < hashes.Length; row++)
            {
                hashes[row] = ulong.RotateLeft((hashes[row] ^ column[row]) * 0x0000_0100_0000_01B3, 23);
            }
        }

        return hashes;
    }
}
