namespace Relay.Server.Datasets.Reading;

/// <summary>The cells of a stored sample.</summary>
internal static class StoredCells
{
    /// <summary>Finds where each cell is.</summary>
    /// <param name="places">One per cell.</param>
    public static void Locate(ReadOnlySpan<byte> cells, Span<Range> places)
    {
        int start = 0;
        for (int i = 0; i < places.Length; i++)
        {
            int length = cells[start..].IndexOf((byte)0);
            places[i] = length < 0 ? throw new InvalidDataException("A stored sample has too few cells.") : new Range(start, start + length);
            start += length + 1;
        }
    }
}
