using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Engines.Managed.Boosting.Objectives;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Fills the table of derivatives at the scores that the trees so far give.</summary>
/// <param name="margins">Per output and row, the sum of the trees so far.</param>
internal sealed class GradientComputation(
    int rowCount, IObjective objective, IntegerWeights weights, RowSampler rows, GradientTable gradients, float[][] margins,
    IShardGroup shards)
{
    private const int BlockRows = 1024;

    /// <returns>Per output the sums over all rows of all shards, and what they are worth.</returns>
    public (GradientSum[] Sums, FixedPointScale Scale) Run(int threads, CancellationToken cancellationToken)
    {
        int bound = objective.FirstBoundBits ?? MeasureBound(threads, cancellationToken);
        FixedPointScale scale = FixedPointScale.For(bound, objective.FractionBits, weights);
        long[] first = new long[margins.Length];
        long[] second = new long[margins.Length];
        ForEachBlock(threads, (block, begin, end) =>
        {
            for (int tree = 0; tree < margins.Length; tree++)
            {
                GradientSum sum = gradients.Set(tree, begin, end, block.First[tree], block.Second[tree], scale, rows);
                Interlocked.Add(ref first[tree], sum.First);
                Interlocked.Add(ref second[tree], sum.Second);
            }
        }, cancellationToken);
        shards.Sum(first);
        shards.Sum(second);
        return ([.. first.Zip(second, (f, s) => new GradientSum(f, s))], scale);
    }

    private int MeasureBound(int threads, CancellationToken cancellationToken)
    {
        double most = 0;
        Lock gate = new();
        ForEachBlock(threads, (block, begin, end) =>
        {
            double here = 0;
            foreach (double[] first in block.First)
            {
                for (int i = 0; i < end - begin; i++)
                {
                    here = Math.Max(here, Math.Abs(first[i]));
                }
            }

            lock (gate)
            {
                most = Math.Max(most, here);
            }
        }, cancellationToken);
        most = shards.Max(most);
        return most > 0 ? Math.ILogB(most) + 1 : 0;
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
                objective.Derive(begin, end, margins, block.First, block.Second);
                use(block, begin, end);
            },
            cancellationToken);

    // Derivatives of some rows, per output.
    private sealed class Block(int outputs)
    {
        public double[][] First { get; } = [.. Enumerable.Range(0, outputs).Select(_ => new double[BlockRows])];

        public double[][] Second { get; } = [.. Enumerable.Range(0, outputs).Select(_ => new double[BlockRows])];
    }
}
