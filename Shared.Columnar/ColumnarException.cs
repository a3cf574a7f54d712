namespace Shared.Columnar;

/// <summary>A file of columns that is damaged, or that holds what is not read. Its message does not name the file, since the caller knows it by
/// another name than a library does.</summary>
/// <param name="column">The column that is at fault; null for the file as a whole.</param>
internal sealed class ColumnarException(string? column, string message, Exception? inner = null) : Exception(message, inner)
{
    public string? Column => column;

    public static ColumnarException Damaged(string? column, Exception e) => new(column, $"damaged, {e.Message}", e);

    /// <summary>Runs what a library does with a file: whatever it throws, the file is at fault.</summary>
    /// <exception cref="ColumnarException">The file is damaged, or holds what is not read.</exception>
    public static T Guard<T>(string? column, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (NotSupportedException e)
        {
            throw new ColumnarException(column, e.Message, e);
        }

        // The libraries have no family of their own: damaged bytes end in any exception, a wrong length in too large an array.
        catch (Exception e) when (e is not (ColumnarException or OperationCanceledException))
        {
            throw Damaged(column, e);
        }
    }
}
