namespace Relay.Training.Engines.Common;

/// <summary>Per bin of a column, on which side of a split its rows are.</summary>
internal static class BinSides
{
    /// <param name="goesLeft">One entry per byte.</param>
    public static void Fill(Span<bool> goesLeft, int lastLeftBin, int missingBin, bool missingLeft)
    {
        goesLeft[..(lastLeftBin + 1)].Fill(true);
        goesLeft[(lastLeftBin + 1)..].Clear();
        goesLeft[missingBin] = missingLeft;
    }
}
