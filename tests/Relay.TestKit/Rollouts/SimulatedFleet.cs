using Relay.Server.Rollouts.Evidence;

namespace Relay.TestKit.Rollouts;

/// <summary>Nodes with failure shares of their own: 20 kinds of nodes whose shares follow a beta distribution, as many calls each, so that the
/// values are beta-binomial. A node keeps its kind over all rounds.</summary>
internal sealed class SimulatedFleet
{
    public const int Calls = 100;
    private const int Kinds = 20;
    private const int TableBits = 14;

    private readonly byte[][] _failures;
    private readonly double _cap;

    /// <param name="share">The mean share of failed calls.</param>
    /// <param name="concentration">Of the beta distribution; a small one makes nodes very different.</param>
    /// <param name="added">What the candidate adds to each node's share.</param>
    public SimulatedFleet(double share, double concentration, double added, double cap)
    {
        _cap = cap;
        _failures = [.. BetaMeans(share * concentration, (1 - share) * concentration).Select(mean => BinomialTable(mean + added))];
    }

    /// <summary>The kinds of some nodes, in the order in which they report. Sorted, the nodes that fail more come first.</summary>
    public static int[] DrawNodes(FastRandom random, int count, bool worstFirst = false)
    {
        int[] kinds = [.. Enumerable.Range(0, count).Select(_ => (int)(random.Next() % Kinds))];
        return worstFirst ? [.. kinds.OrderDescending()] : kinds;
    }

    /// <summary>The values of these nodes in a round.</summary>
    public BinCounts Report(FastRandom random, ReadOnlySpan<int> kinds)
    {
        long[] counts = new long[BinCounts.Steps + 1];
        foreach (int kind in kinds)
        {
            // The low bits draw the failures, the high ones between two bins.
            ulong draw = random.Next();
            int failures = _failures[kind][draw & ((1 << TableBits) - 1)];
            counts[new ShareCount(failures, Calls).ToBin(_cap, (uint)(draw >> 32) / (double)(1L << 32))]++;
        }

        return BinCounts.From(counts.Select((count, bin) => (bin, count)));
    }

    // The quantiles of the binomial distribution.
    private static byte[] BinomialTable(double share)
    {
        byte[] table = new byte[1 << TableBits];
        double term = Math.Pow(1 - share, Calls);
        double sum = term;
        byte failures = 0;
        for (int i = 0; i < table.Length; i++)
        {
            while (failures < Calls && sum < (i + 0.5) / table.Length)
            {
                term *= (double)(Calls - failures) / (failures + 1) * share / (1 - share);
                sum += term;
                failures++;
            }

            table[i] = failures;
        }

        return table;
    }

    // The means of the 20 slices, of equal probability, of a beta distribution; its density is integrated in steps that are fine near 0.
    private static double[] BetaMeans(double a, double b)
    {
        const int Cells = 40_000;
        double[] points = [.. Enumerable.Range(0, Cells).Select(i => Math.Pow((i + 0.5) / Cells, 4))];
        double[] masses = [.. points.Select((x, i) =>
            Math.Pow(x, a - 1) * Math.Pow(1 - x, b - 1) * (Math.Pow((i + 1.0) / Cells, 4) - Math.Pow((double)i / Cells, 4)))];
        double total = masses.Sum();
        double[] sums = new double[Kinds];
        double[] weights = new double[Kinds];
        double before = 0;
        for (int i = 0; i < Cells; i++)
        {
            int kind = Math.Min(Kinds - 1, (int)(before / total * Kinds));
            sums[kind] += masses[i] * points[i];
            weights[kind] += masses[i];
            before += masses[i];
        }

        return [.. sums.Select((sum, kind) => sum / weights[kind])];
    }
}
