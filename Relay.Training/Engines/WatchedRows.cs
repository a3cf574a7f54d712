namespace Relay.Training.Engines;

/// <summary>The rows that early stopping keeps apart. Whether a row is one depends on the seed and its number alone.</summary>
internal static class WatchedRows
{
    // Fine enough for any share that a spec may state.
    private const int Grain = 1 << 20;

    /// <param name="share">0 watches none.</param>
    /// <exception cref="TrainingException">With InvalidData: too few rows to watch some and train on some.</exception>
    public static (int[] Trained, int[] Watched) Split(int rowCount, double share, ulong seed)
    {
        if (share == 0)
        {
            return ([.. Enumerable.Range(0, rowCount)], []);
        }

        int bound = (int)Math.Ceiling(share * Grain);
        ILookup<bool, int> sides = Enumerable.Range(0, rowCount).ToLookup(row => new RandomStream(seed, row).Below(Grain) < bound);
        return sides.Count == 2
            ? ([.. sides[false]], [.. sides[true]])
            : throw new TrainingException(
                TrainingFault.InvalidData, $"{rowCount} rows are too few for early stopping to watch a share of {share}");
    }
}
