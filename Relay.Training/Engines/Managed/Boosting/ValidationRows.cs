using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Engines.Managed.Boosting.Objectives;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>The rows that early stopping measures the loss on, and no tree learns from.</summary>
internal sealed class ValidationRows
{
    private readonly IShardGroup _shards;
    private readonly IObjective _objective;
    private readonly int[] _rows;
    private readonly long[] _counts;
    private readonly long _totalWeight;
    private readonly double _lossOne;

    /// <param name="isValidation">Per binned row.</param>
    public ValidationRows(BinnedRows data, bool[] isValidation, IObjective objective, IntegerWeights weights)
    {
        _shards = data.Shards;
        _objective = objective;
        _rows = [.. Enumerable.Range(0, data.RowCount).Where(row => isValidation[row])];
        _counts = [.. _rows.Select(row => data.Multiplicity[row] * weights[row])];
        _totalWeight = _shards.Sum(_counts.Sum());
        _lossOne = Math.ScaleB(1, 62 - weights.BitsOfTotal - objective.LossBoundBits);
    }

    /// <summary>Draws by the content of a row, so that equal rows are either all drawn or none, on any shard.</summary>
    /// <exception cref="TrainingException">All rows were drawn, or none.</exception>
    public static bool[] Choose(BinnedRows data, BoostingParameters parameters)
    {
        HashSampler sampler = new(parameters.Seed, -1, parameters.ValidationFraction);
        bool[] validation = [.. Contents(data).Select(content => sampler.Draws(content))];

        bool anyValidation = !data.Shards.All(!validation.Contains(true));
        bool anyTraining = !data.Shards.All(!validation.Contains(false));
        return anyValidation && anyTraining ? validation : throw new TrainingException(
            TrainingFault.TooFewRows,
            $"parameters.validationFraction {parameters.ValidationFraction}: of {data.Shards.Sum(data.RowCount)} " +
                $"different rows none would be left to "
            + $"{(anyValidation ? "learn from" : "validate on")}; give more rows or leave earlyStoppingRounds out");
    }

    /// <summary>Mean loss of a row. Summed in whole numbers: the order of rows does not show.</summary>
    public double Loss(float[][] margins, int threads, CancellationToken cancellationToken)
    {
        const int Block = 4096;
        double max = Math.ScaleB(1, _objective.LossBoundBits);
        long sum = 0;
        WorkerLoop.Run((_rows.Length + Block - 1) / Block, threads, block =>
        {
            long here = 0;
            for (int i = block * Block; i < Math.Min(_rows.Length, (block + 1) * Block); i++)
            {
                here += (long)(Math.Min(_objective.Loss(_rows[i], margins), max) * _lossOne) * _counts[i];
            }

            Interlocked.Add(ref sum, here);
        }, cancellationToken);
        return _shards.Sum(sum) / _lossOne / _totalWeight;
    }

    // FNV-1a with a rotation; the sampler mixes it.
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
