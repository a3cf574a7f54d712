namespace Relay.Training.Engines.Binning;

/// <summary>Chooses where the bins of a column end: one bin per distinct value where they are few, else bins of about the
/// same number of rows, where a value with many rows keeps a bin of its own.</summary>
internal static class BinEdges
{
    public const int MaxBins = 255;

    /// <param name="sorted">Keys of the column's values in ascending order, without missing ones.</param>
    /// <returns>Per bin but the last, its threshold: a row is in the bin or below when its value is at most that.</returns>
    public static float[] Choose(ReadOnlySpan<uint> sorted)
    {
        List<uint> values = [];
        List<int> rows = [];
        for (int i = 0; i < sorted.Length;)
        {
            int start = i;
            uint value = sorted[i];
            while (i < sorted.Length && sorted[i] == value)
            {
                i++;
            }

            values.Add(value);
            rows.Add(i - start);
        }

        List<float> edges = [];
        foreach (int last in values.Count <= MaxBins ? Enumerable.Range(0, values.Count) : LastOfBins(rows, sorted.Length))
        {
            if (last + 1 < values.Count)
            {
                edges.Add(Between(FloatKey.Value(values[last]), FloatKey.Value(values[last + 1])));
            }
        }

        return [.. edges];
    }

    /// <summary>A float32 at or above <paramref name="left"/> and below <paramref name="right"/>: their middle, rounded down.
    /// The middle treats values that training never saw fairly.</summary>
    public static float Between(float left, float right)
    {
        double middle = left + (((double)right - left) / 2);
        float rounded = (float)middle;
        return rounded > middle ? MathF.BitDecrement(rounded) : rounded;
    }

    // Greedy: heavy values first take bins of their own, and the other rows share what is left evenly.
    private static List<int> LastOfBins(List<int> rows, int total)
    {
        int heavyRows = total / MaxBins;
        long lightTotal = 0;
        int lightBins = MaxBins;
        foreach (int count in rows)
        {
            bool heavy = count > heavyRows;
            lightTotal += heavy ? 0 : count;
            lightBins -= heavy ? 1 : 0;
        }

        List<int> lasts = [];
        long inBin = 0;
        long lightLeft = lightTotal;
        int binsLeft = Math.Max(1, lightBins);
        for (int i = 0; i < rows.Count && lasts.Count < MaxBins - 1; i++)
        {
            bool heavy = rows[i] > heavyRows;
            inBin += rows[i];
            lightLeft -= heavy ? 0 : rows[i];
            double share = (double)(lightLeft + (heavy ? 0 : inBin)) / binsLeft;
            bool nextHeavy = i + 1 < rows.Count && rows[i + 1] > heavyRows;

            // Before a heavy value a bin half full is closed; what is less joins the heavy value.
            if (heavy || inBin >= share || (nextHeavy && inBin >= share / 2))
            {
                lasts.Add(i);
                binsLeft = heavy ? binsLeft : Math.Max(1, binsLeft - 1);
                inBin = 0;
            }
        }

        return lasts;
    }
}
