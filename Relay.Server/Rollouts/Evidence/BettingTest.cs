namespace Relay.Server.Rollouts.Evidence;

/// <summary>What the values of one arm say about their mean, at any number of nodes and however often one looks: someone who bets against "the mean
/// is at most m" when it is true multiplies the capital by 1/a with a probability of at most a (Ville's inequality). Waudby-Smith and Ramdas,
/// "Estimating means of bounded random variables by betting", 2024. Values and means are parts of the cap, 0 to 1.</summary>
internal static class BettingTest
{
    // Parts of the capital that are bet on each node: small ones find small differences among many nodes, large ones large differences among
    // few nodes. The capital is divided among them evenly.
    private static readonly double[] Fractions = [0.004, 0.008, 0.016, 0.03, 0.06, 0.11, 0.2, 0.35, 0.6, 0.9];
    private static readonly double LogWeight = -Math.Log(Fractions.Length);

    // Bounds are whole numbers of these steps up to the cap, the same for all counts, so that worse counts never have a better bound.
    private const int BoundSteps = 16_384;

    // What a bet adds is nothing in double precision when its outcome is e^-36 of the best one's.
    private const double Negligible = 36;

    /// <summary>The logarithm of the capital won against "the mean is at most <paramref name="mean"/>": the least of all that it can be when
    /// <paramref name="tolerated"/> nodes have any other value, are left out or come in. Falls with the mean.</summary>
    public static double LogEvidenceAbove(BinCounts counts, double mean, int tolerated)
    {
        if (mean <= 0)
        {
            return mean < 0 && counts.Nodes > tolerated ? double.PositiveInfinity : double.NegativeInfinity;
        }

        Span<double> logs = stackalloc double[Fractions.Length];
        SumLogs(counts, mean, tolerated, logs);
        double highest = double.NegativeInfinity;
        foreach (double log in logs)
        {
            highest = Math.Max(highest, log);
        }

        double total = 0;
        foreach (double log in logs)
        {
            total += Math.Exp(log - highest);
        }

        return highest + Math.Log(total) + LogWeight;
    }

    /// <summary>The upper bound of the mean: at every look the true mean is at or below it, but for a
    /// probability of <paramref name="error"/>.</summary>
    public static double UpperBound(BinCounts counts, double error, int tolerated)
    {
        BinCounts mirrored = counts.Mirror();
        double threshold = -Math.Log(error);
        double width = (Math.Sqrt(counts.Variance * counts.Nodes * threshold) + threshold) / Math.Max(1, counts.Nodes);
        int possible = (int)(counts.Mean * BoundSteps);
        int step = Math.Max(1, (int)Math.Min(width * BoundSteps, BoundSteps));
        int refuted = possible + step;
        while (refuted < BoundSteps && !IsRefuted(refuted))
        {
            possible = refuted;
            step *= 2;
            refuted += step;
        }

        refuted = Math.Min(refuted, BoundSteps);
        while (refuted - possible > 1)
        {
            int middle = (possible + refuted) / 2;
            (possible, refuted) = IsRefuted(middle) ? (possible, middle) : (middle, refuted);
        }

        return (double)refuted / BoundSteps;

        bool IsRefuted(int bound) => LogEvidenceAbove(mirrored, 1 - ((double)bound / BoundSteps), tolerated) >= threshold;
    }

    /// <summary>About how many nodes like these are needed to refute "the mean is at most <paramref name="mean"/>"; infinite where no number
    /// is.</summary>
    public static double NodesForEvidence(BinCounts counts, double mean, double error, int tolerated)
    {
        if (mean <= 0 || counts.Nodes == 0)
        {
            return double.PositiveInfinity;
        }

        Span<double> all = stackalloc double[Fractions.Length];
        Span<double> least = stackalloc double[Fractions.Length];
        SumLogs(counts, mean, tolerated: 0, all);
        SumLogs(counts, mean, tolerated, least);
        double fewest = double.PositiveInfinity;
        for (int i = 0; i < Fractions.Length; i++)
        {
            if (all[i] > 0 && double.IsFinite(least[i]))
            {
                double loss = all[i] - least[i];
                fewest = Math.Min(fewest, (-Math.Log(error) - LogWeight + loss) / all[i] * counts.Nodes);
            }
        }

        return fewest;
    }

    // The logarithm of each bet's outcome. It is concave in the fraction: beyond a negligible bet, all are.
    private static void SumLogs(BinCounts counts, double mean, int tolerated, Span<double> logs)
    {
        Span<double> gains = stackalloc double[BinCounts.Steps + 1];
        Span<double> nodes = stackalloc double[BinCounts.Steps + 1];
        int used = TakeLeastFavorable(counts, mean, tolerated, gains, nodes);
        logs.Fill(double.NegativeInfinity);
        double best = double.NegativeInfinity;
        int middle = logs.Length / 2;
        for (int i = middle; i < logs.Length && (i == middle || logs[i - 1] > best - Negligible); i++)
        {
            logs[i] = SumLog(gains[..used], nodes[..used], Fractions[i]);
            best = Math.Max(best, logs[i]);
        }

        for (int i = middle - 1; i >= 0 && logs[i + 1] > best - Negligible; i--)
        {
            logs[i] = SumLog(gains[..used], nodes[..used], Fractions[i]);
            best = Math.Max(best, logs[i]);
        }
    }

    private static double SumLog(ReadOnlySpan<double> gains, ReadOnlySpan<double> nodes, double fraction)
    {
        double sum = 0;
        for (int i = 0; i < gains.Length; i++)
        {
            sum += nodes[i] * Math.Log(1 + (fraction * gains[i]));
        }

        return sum;
    }

    // The least favorable reports: the nodes with the highest values are left out where they speak for a higher mean, and as many zeros come in.
    private static int TakeLeastFavorable(BinCounts counts, double mean, int tolerated, Span<double> gains, Span<double> nodes)
    {
        int used = 0;
        long left = tolerated;
        long zeros = tolerated;
        ReadOnlySpan<(int Bin, long Count)> occupied = counts.Occupied;
        for (int i = occupied.Length - 1; i >= 0; i--)
        {
            (int bin, long count) = occupied[i];
            double value = (double)bin / BinCounts.Steps;
            long taken = value > mean ? Math.Min(left, count) : 0;
            left -= taken;
            if (bin == 0)
            {
                zeros += count;
            }
            else if (count > taken)
            {
                (gains[used], nodes[used]) = ((value / mean) - 1, count - taken);
                used++;
            }
        }

        (gains[used], nodes[used]) = (-1, zeros);
        return used + 1;
    }
}
