namespace Relay.Training.Engines.Common.Binning;

/// <summary>Chooses where the bins of a column end: one bin per distinct value where they are few, else bins of about the
/// same number of rows, where a value with many rows keeps a bin of its own.</summary>
internal static class BinEdges
{
    public const int MaxBins = 255;

    /// <param name="cells">The column's values in ascending order, without missing ones. The rows of one cell stay in one bin.</param>
    /// <returns>Per bin but the last, its threshold: a row is in the bin or below when its value is at most that.</returns>
    public static float[] Choose(ReadOnlySpan<ValueCell> cells)
    {
        List<float> edges = [];
        foreach (int last in FindLasts(cells))
        {
            edges.Add(Between(FloatKey.Value(cells[last].Max), FloatKey.Value(cells[last + 1].Min)));
        }

        return [.. edges];
    }

    /// <summary>Per bin but the last, its last cell. Only the numbers of rows decide.</summary>
    public static IReadOnlyList<int> FindLasts(ReadOnlySpan<ValueCell> cells)
    {
        int count = cells.Length;
        return [.. (count <= MaxBins ? Enumerable.Range(0, count) : LastOfBins(cells)).Where(last => last + 1 < count)];
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
    private static List<int> LastOfBins(ReadOnlySpan<ValueCell> cells)
    {
        long total = 0;
        foreach (ValueCell cell in cells)
        {
            total += cell.Rows;
        }

        long heavyRows = total / MaxBins;
        long lightTotal = 0;
        int lightBins = MaxBins;
        foreach (ValueCell cell in cells)
        {
            bool heavy = cell.Rows > heavyRows;
            lightTotal += heavy ? 0 : cell.Rows;
            lightBins -= heavy ? 1 : 0;
        }

        List<int> lasts = [];
        long inBin = 0;
        long lightLeft = lightTotal;
        int binsLeft = Math.Max(1, lightBins);
        for (int i = 0; i < cells.Length && lasts.Count < MaxBins - 1; i++)
        {
            bool heavy = cells[i].Rows > heavyRows;
            inBin += cells[i].Rows;
            lightLeft -= heavy ? 0 : cells[i].Rows;
            double share = (double)(lightLeft + (heavy ? 0 : inBin)) / binsLeft;
            bool nextHeavy = i + 1 < cells.Length && cells[i + 1].Rows > heavyRows;

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
