using System.Globalization;
using System.Text;
using Shared.Contracts;
using Shared.Contracts.Models;
using Shared.Platform.Files;

namespace Sync.Node.Files;

/// <summary>Rows of a model in a file: CSV, or Parquet by its first bytes, whatever its name. An empty cell is a missing value; columns that are no
/// input of the model are ignored.</summary>
internal abstract class InputRows : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly (byte[] Start, string What)[] Unreadable =
    [
        ("PARE"u8.ToArray(), "an encrypted Parquet file: write it without encryption"),
        ("ARROW1"u8.ToArray(), "an Arrow file: write it as Parquet or CSV"),
        ("FEA1"u8.ToArray(), "a Feather file: write it as Parquet or CSV"),
        ([0x1f, 0x8b], "packed with gzip: unpack it"),
        ([0x28, 0xb5, 0x2f, 0xfd], "packed with zstd: unpack it"),
        ("PK\x03\x04"u8.ToArray(), "a ZIP archive: unpack it, or write a workbook as CSV"),
    ];

    /// <summary>Columns of the file that are no input of the model.</summary>
    public abstract IReadOnlyList<string> Ignored { get; }

    /// <summary>Where the rows before the next one end, such as <c>line 7</c>, for messages.</summary>
    protected abstract string Place { get; }

    /// <exception cref="FileException">The file lacks a column, or is in a form that is not read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static InputRows Open(string path, ModelSchema schema)
    {
        if (path.Length == 0)
        {
            throw new FileException("the path of the file is empty: name a CSV or Parquet file");
        }

        FileStream file = RegularFile.OpenRead(path);
        try
        {
            Span<byte> start = stackalloc byte[8];
            start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            file.Position = 0;
            foreach ((byte[] magic, string what) in Unreadable)
            {
                if (start.StartsWith(magic))
                {
                    throw new FileException($"the file is {what}");
                }
            }

            return start.StartsWith("PAR1"u8) ? new ParquetRows(file, schema) : new CsvRows(file, schema);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads rows into lists that are emptied first.</summary>
    /// <returns>How many; 0 at the end of the file.</returns>
    /// <exception cref="FileException">A row cannot be read.</exception>
    public int ReadRows(int maximum, List<float> numbers, List<string> categories)
    {
        numbers.Clear();
        categories.Clear();
        int rows = 0;
        for (; rows < maximum && Read(); rows++)
        {
            ReadRow(numbers, categories);
        }

        return rows;
    }

    public abstract void Dispose();

    /// <summary>Goes to the next row; false at the end of the file.</summary>
    protected abstract bool Read();

    /// <summary>Adds the cells of the row, in the order of the schema.</summary>
    protected abstract void ReadRow(List<float> numbers, List<string> categories);

    /// <summary>The place of each input among the columns of the file.</summary>
    /// <param name="where">What must name the inputs, for the message.</param>
    protected static int Find(IReadOnlyList<string> columns, string input, string where) => columns.Count(name => name == input) switch
    {
        1 => Enumerable.Range(0, columns.Count).First(place => columns[place] == input),
        0 => throw new FileException($"the file has no column '{DisplayText.Escape(input, 100)}': {where} must name each input of the model"),
        _ => throw new FileException($"the file has the column '{DisplayText.Escape(input, 100)}' twice"),
    };

    protected string ReadText(ReadOnlySpan<byte> cell)
    {
        try
        {
            return Utf8.GetString(cell);
        }
        catch (DecoderFallbackException)
        {
            throw new FileException($"{Place} is no UTF-8 text");
        }
    }

    // As in training: through double, and only numbers that float32 can hold. The parser ignores NUL bytes at the end.
    protected float ReadNumber(ReadOnlySpan<byte> cell, string input)
    {
        if (cell.IsEmpty)
        {
            return float.NaN;
        }

        return cell[^1] != 0 && double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double wide)
            && float.IsFinite((float)wide)
            ? (float)wide
            : throw new FileException(
                $"{Place} has '{DisplayText.Escape(Encoding.UTF8.GetString(cell), 50)}' in '{DisplayText.Escape(input, 100)}': write a "
                    + "finite number, or nothing for a missing value");
    }
}
