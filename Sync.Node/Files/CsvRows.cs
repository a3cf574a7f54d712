using CsvHelper;
using Shared.Contracts.Models;

namespace Sync.Node.Files;

/// <summary>Rows of CSV whose first line names the columns.</summary>
internal sealed class CsvRows : InputRows
{
    // A quote that never closes must not pull a whole file into memory.
    private const int MaximumRecord = 1 << 20;

    private readonly CsvReader _csv;
    private readonly IReadOnlyList<(string Name, int Place, bool IsCategory)> _columns;
    private readonly int _width;

    /// <param name="file">Is owned by this object.</param>
    /// <exception cref="FileException">The file lacks a column, or is no CSV.</exception>
    public CsvRows(FileStream file, ModelSchema schema)
    {
        _csv = CsvReader.Create(file, new CsvReaderOptions
        {
            HasHeader = false,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            MaxRecordSize = MaximumRecord,
        });
        try
        {
            if (!ReadRecord())
            {
                throw new FileException("the file is empty: its first line names the columns");
            }

            // Some programs begin a file with a mark of UTF-8.
            List<string> header = [.. Enumerable.Range(0, _csv.FieldCount).Select(place => ReadText(_csv.GetSpan(place)))];
            header[0] = header[0].TrimStart('\uFEFF');
            _width = header.Count;
            _columns =
                [.. schema.Inputs.Select(input => (input.Name, Find(header, input.Name, "its first line"), input.Type is ColumnType.Category))];
            Ignored = [.. header.Where(name => schema.Inputs.All(input => input.Name != name))];
        }
        catch
        {
            _csv.Dispose();
            throw;
        }
    }

    public override IReadOnlyList<string> Ignored { get; }

    protected override string Place => $"line {_csv.LineNumber}";

    public override void Dispose() => _csv.Dispose();

    protected override bool Read() => ReadRecord() && (_csv.FieldCount == _width
        ? true
        : throw new FileException($"{Place} has {_csv.FieldCount} cells, and the first line has {_width}"));

    protected override void ReadRow(List<float> numbers, List<string> categories)
    {
        foreach ((string name, int place, bool isCategory) in _columns)
        {
            if (isCategory)
            {
                categories.Add(ReadText(_csv.GetSpan(place)));
            }
            else
            {
                numbers.Add(ReadNumber(_csv.GetSpan(place), name));
            }
        }
    }

    private bool ReadRecord()
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
}
