using System.Globalization;

namespace Shared.Columnar;

/// <summary>The cells of one column in the rows that are in memory, as texts.</summary>
internal abstract class ColumnCells(string name)
{
    private const int MaxNumber = 64;

    private readonly byte[] _text = new byte[MaxNumber];

    public string Name { get; } = name;

    /// <summary>A cell in UTF-8, valid until the next call; empty for a missing value.</summary>
    /// <exception cref="ColumnarException">The cell cannot be read: the file is damaged.</exception>
    public ReadOnlySpan<byte> Read(int row)
    {
        try
        {
            return Text(row);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException
            or InvalidDataException or InvalidCastException)
        {
            throw ColumnarException.Damaged(Name, e);
        }
    }

    /// <summary>As <see cref="Read"/>; a cell that cannot be read is any exception.</summary>
    public abstract ReadOnlySpan<byte> Text(int row);

    protected ReadOnlySpan<byte> Format<T>(T value, string? format = null)
        where T : IUtf8SpanFormattable => value.TryFormat(_text, out int length, format, CultureInfo.InvariantCulture)
            ? _text.AsSpan(0, length)
            : throw new InvalidDataException($"a value of more than {MaxNumber} characters");

    /// <summary>A number as a CSV file would hold it: the shortest text that parses to it, and nothing for NaN.</summary>
    protected ReadOnlySpan<byte> Format(double value) => double.IsNaN(value) ? [] : Format<double>(value);

    protected ReadOnlySpan<byte> Format(float value) => float.IsNaN(value) ? [] : Format<float>(value);

    // Divided by one with all digits, a decimal has the fewest: 1.50 and 1.5 are one category.
    protected ReadOnlySpan<byte> Format(decimal value) => Format<decimal>(value / 1.000000000000000000000000000m);

    protected static ReadOnlySpan<byte> Format(bool value) => value ? "true"u8 : "false"u8;

    /// <summary>A time in ISO 8601.</summary>
    protected ReadOnlySpan<byte> Format(DateTime value) => Format(value, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'");
}
