using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Engines.Managed.Boosting.Objectives;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Computes the gradients and hessians at the scores that the trees so far give.</summary>
/// <param name="margins">Per output and row, the sum of the trees so far.</param>
internal sealed class GradientComputation(
    int rowCount, IObjective objective, IntegerWeights weights, RowSampler rows, GradientTable gradients, float[][] margins,
    IShardGroup shards)
{
    private const int BlockRows = 1024;

    /// <returns>Per output the sums over all rows of all shards, and what they are worth.</returns>
    public (GradientSum[] Sums, FixedPointScale Scale) Run(int threads, CancellationToken cancellationToken)
    {
        int bound = objective.GradientBoundBits ?? MeasureBound(threads, cancellationToken);
        FixedPointScale scale = FixedPointScale.Create(bound, objective.FractionBits, weights);
        long[] gradientSums = new long[margins.Length];
        long[] hessianSums = new long[margins.Length];
        ForEachBlock(threads, (block, begin, end) =>
        {
            for (int tree = 0; tree < margins.Length; tree++)
            {
                GradientSum sum = gradients.Set(tree, begin, end, block.Gradients[tree], block.Hessians[tree], scale, rows);
                Interlocked.Add(ref gradientSums[tree], sum.Gradient);
                Interlocked.Add(ref hessianSums[tree], sum.Hessian);
            }
        }, cancellationToken);
        shards.Sum(gradientSums);
        shards.Sum(hessianSums);
        return ([.. gradientSums.Zip(hessianSums, (gradient, hessian) => new GradientSum(gradient, hessian))], scale);
    }

    private int MeasureBound(int threads, CancellationToken cancellationToken)
    {
        double max = 0;
        Lock gate = new();
        ForEachBlock(threads, (block, begin, end) =>
        {
            double here = 0;
            foreach (double[] ofOutput in block.Gradients)
            {
                for (int i = 0; i < end - begin; i++)
                {
                    here = Math.Max(here, Math.Abs(ofOutput[i]));
                }
            }

            lock (gate)
            {
                max = Math.Max(max, here);
            }
        }, cancellationToken);
        return shards.MaxExponent(max) + 1 ?? 0;
    }

    private void ForEachBlock(int threads, Action<Block, int, int> use, CancellationToken cancellationToken) =>
        WorkerLoop.Run(
            (rowCount + BlockRows - 1) / BlockRows,
            threads,
            () => new Block(margins.Length),
            (block, piece) =>
            {
                int begin = piece * BlockRows;
                int end = Math.Min(rowCount, begin + BlockRows);
                objective.Derive(begin, end, margins, block.Gradients, block.Hessians);
                use(block, begin, end);
            },
            cancellationToken);

    // Gradients and hessians of some rows, per output.
    private sealed class Block(int outputs)
    {
        public double[][] Gradients { get; } = [.. Enumerable.Range(0, outputs).Select(_ => new double[BlockRows])];

        public double[][] Hessians { get; } = [.. Enumerable.Range(0, outputs).Select(_ => new double[BlockRows])];
    }
}
