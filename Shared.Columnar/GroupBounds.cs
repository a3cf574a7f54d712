namespace Shared.Columnar;

/// <summary>How much of a file is in memory at a time.</summary>
internal static class GroupBounds
{
    /// <summary>Cells of a group of rows.</summary>
    public const long MaxCells = 64 << 20;

    /// <summary>Bytes of a group of rows, as the file states them.</summary>
    public const long MaxBytes = 2L << 30;

    /// <param name="columns">Those that are read.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ColumnarException">The group is too large.</exception>
    public static int Check(long rows, int columns) => rows >= 0 && rows <= MaxCells / Math.Max(1, columns)
        ? (int)rows
        : throw new ColumnarException(
            null, $"a group has {rows} rows of {columns} columns that are read, at most {MaxCells} cells; write it in smaller groups");
}
