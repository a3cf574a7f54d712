using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Boosting.Objectives;

/// <summary>Half the squared difference between score and target.</summary>
internal sealed class SquaredObjective : IObjective
{
    private readonly float[] _targets;
    private readonly float _baseValue;

    /// <param name="rows">The mean of their targets is the base value.</param>
    public SquaredObjective(BinnedRows data, RowSampler rows, int bitsOfTotalWeight)
    {
        _targets = data.Targets!;
        _baseValue = Mean(rows, bitsOfTotalWeight, data.Shards);
        int? farthest = data.Shards.MaxExponent(_targets.Max(target => Math.Abs((double)target - _baseValue)));

        // Scores may overshoot, so the bound is twice what any target is off at the start.
        LossBoundBits = (2 * (farthest + 2)) + 1 ?? 0;
        BaseValues = [_baseValue];
    }

    public Link Link => Link.None;

    public float[] BaseValues { get; }

    public int? GradientBoundBits => null;

    public int FractionBits => 40;

    public int LossBoundBits { get; }

    public void Derive(int begin, int end, float[][] margins, double[][] gradients, double[][] hessians)
    {
        for (int row = begin; row < end; row++)
        {
            gradients[0][row - begin] = Error(row, margins);
            hessians[0][row - begin] = 1;
        }
    }

    public double Loss(int row, float[][] margins)
    {
        double error = Error(row, margins);
        return error * error / 2;
    }

    private double Error(int row, float[][] margins) => (double)(margins[0][row] + _baseValue) - _targets[row];

    // In whole numbers, so that the order of rows does not show.
    private float Mean(RowSampler rows, int bitsOfTotalWeight, IShardGroup shards)
    {
        if (shards.MaxExponent(_targets.Max(Math.Abs)) is not { } exponent)
        {
            return 0;
        }

        int bits = 61 - bitsOfTotalWeight - exponent;
        long sum = 0;
        long weight = 0;
        for (int row = 0; row < _targets.Length; row++)
        {
            sum += (long)Math.ScaleB(_targets[row], bits) * rows.Weight(row);
            weight += rows.Weight(row);
        }

        return (float)Math.ScaleB((double)shards.Sum(sum) / shards.Sum(weight), -bits);
    }
}
