using System.Globalization;
using System.Text;
using CsvHelper;
using Shared.Contracts;
using Shared.Contracts.Models;
using Shared.Platform.Files;

namespace Sync.Node.Files;

/// <summary>Reads rows of a model from CSV whose first line names the columns, so many at a time. An empty cell is a missing value; other columns
/// are ignored.</summary>
internal sealed class CsvRows : IDisposable
{
    // A quote that never closes must not pull a whole file into memory.
    private const int MaximumRecord = 1 << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly CsvReader _csv;
    private readonly IReadOnlyList<(string Name, int Place, bool IsCategory)> _columns;
    private readonly int _width;

    private CsvRows(string path, ModelSchema schema)
    {
        _csv = CsvReader.Create(RegularFile.OpenRead(path), new CsvReaderOptions
        {
            HasHeader = false,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            MaxRecordSize = MaximumRecord,
        });
        try
        {
            if (!Read())
            {
                throw new FileException("the file is empty: its first line names the columns");
            }

            // Some programs begin a file with a mark of UTF-8.
            List<string> header = [.. Enumerable.Range(0, _csv.FieldCount).Select(Text)];
            header[0] = header[0].TrimStart('\uFEFF');
            _width = header.Count;
            _columns = [.. schema.Inputs.Select(input => (input.Name, Find(header, input.Name), input.Type is ColumnType.Category))];
            Ignored = [.. header.Where(name => schema.Inputs.All(input => input.Name != name))];
        }
        catch
        {
            _csv.Dispose();
            throw;
        }
    }

    /// <summary>Columns of the file that are no input of the model.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <exception cref="FileException">The file lacks a column, or is no CSV.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CsvRows Open(string path, ModelSchema schema)
    {
        if (path.Length == 0)
        {
            throw new FileException("the path of the file is empty: name a CSV file");
        }

        if (Path.GetExtension(path) is ".parquet" or ".arrow" or ".feather")
        {
            throw new FileException("the file is no CSV: write it as CSV first, such as by duckdb -c \"COPY 'rows.parquet' TO 'rows.csv'\"");
        }

        return new(path, schema);
    }

    /// <summary>Reads rows into arrays that are emptied first.</summary>
    /// <returns>How many; 0 at the end of the file.</returns>
    /// <exception cref="FileException">A row cannot be read.</exception>
    public int ReadRows(int maximum, List<float> numbers, List<string> categories)
    {
        numbers.Clear();
        categories.Clear();
        int rows = 0;
        while (rows < maximum && Read())
        {
            if (_csv.FieldCount != _width)
            {
                throw new FileException($"line {_csv.LineNumber} has {_csv.FieldCount} cells, and the first line has {_width}");
            }

            foreach ((string name, int place, bool isCategory) in _columns)
            {
                if (isCategory)
                {
                    categories.Add(Text(place));
                }
                else
                {
                    numbers.Add(Parse(_csv.GetSpan(place), name));
                }
            }

            rows++;
        }

        return rows;
    }

    public void Dispose() => _csv.Dispose();

    private bool Read()
    {
        try
        {
            return _csv.Read();
        }
        catch (CsvFormatException broken)
        {
            throw new FileException($"line {broken.LineNumber} cannot be read as CSV: {broken.Message}");
        }
    }

    private string Text(int place)
    {
        try
        {
            return Utf8.GetString(_csv.GetSpan(place));
        }
        catch (DecoderFallbackException)
        {
            throw new FileException($"line {_csv.LineNumber} is no UTF-8 text");
        }
    }

    private static int Find(List<string> header, string name)
    {
        int place = header.IndexOf(name);
        return place < 0
            ? throw new FileException($"the file has no column '{DisplayText.Escape(name, 100)}': its first line must name each input of the model")
            : header.LastIndexOf(name) == place
                ? place
                : throw new FileException($"the file has the column '{DisplayText.Escape(name, 100)}' twice");
    }

    // As in training: through double, and only numbers that float32 can hold. The parser ignores NUL bytes at the end.
    private float Parse(ReadOnlySpan<byte> cell, string name)
    {
        if (cell.IsEmpty)
        {
            return float.NaN;
        }

        return cell[^1] != 0 && double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double wide)
            && float.IsFinite((float)wide)
            ? (float)wide
            : throw new FileException(
                $"line {_csv.LineNumber} has '{DisplayText.Escape(Encoding.UTF8.GetString(cell), 50)}' in '{DisplayText.Escape(name, 100)}': write a "
                    + "finite number, or nothing for a missing value");
    }
}
