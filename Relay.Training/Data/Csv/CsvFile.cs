using System.Text;
using CsvHelper;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Csv;

/// <summary>One CSV file, plain or gzip by its first bytes, read record by record. Errors are
/// <see cref="TrainingException"/>s that name file and line.</summary>
internal sealed class CsvFile : RowFile
{
    // A quote that never closes must not pull a whole file into memory.
    private const int MaxRecordBytes = 1 << 20;

    private readonly DataFile _file;
    private readonly CsvReader _reader;
    private readonly bool _hasHeader;
    private string[]? _header;

    private CsvFile(DataFile file, CsvReader reader, bool hasHeader)
    {
        _file = file;
        _reader = reader;
        _hasHeader = hasHeader;
    }

    public override string Name => _file.Name;

    public override bool HasHeader => _hasHeader;

    public override string HeaderPlace => $"{Name}:1";

    /// <summary>The names of the header line; empty where the form says that there is none, and where the file is empty.</summary>
    /// <exception cref="TrainingException">A name is not text in UTF-8, or the line is malformed.</exception>
    public override IReadOnlyList<string> Header => _header ??= _hasHeader ? ReadHeader() : [];

    /// <summary>The number of the line at which the record begins.</summary>
    public override long Line => _reader.LineNumber;

    public override int FieldCount => _reader.FieldCount;

    /// <exception cref="TrainingException">The file is missing, cannot be opened, or is packed or encoded in a form that is not read.</exception>
    public static CsvFile Open(string path, CsvSpec form) => Create(DataFile.Open(path), form);

    /// <summary>Content that is not in a file.</summary>
    /// <param name="content">Is owned by the result.</param>
    /// <exception cref="TrainingException">It is packed or encoded in a form that is not read.</exception>
    public static CsvFile OpenUnpacked(string name, Stream content, CsvSpec form) => Create(DataFile.OpenUnpacked(name, content), form);

    private static CsvFile Create(DataFile file, CsvSpec form)
    {
        // The reader would replace what is not UTF-8 in its own header.
        CsvReader reader = CsvReader.Create(file.Bytes, new CsvReaderOptions
        {
            Separator = form.Delimiter[0],
            HasHeader = false,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            MaxRecordSize = MaxRecordBytes,
            BufferSize = 1 << 18,
        });
        return new CsvFile(file, reader, form.Header);
    }

    /// <summary>Moves to the next record.</summary>
    /// <exception cref="TrainingException">A record is malformed, or the gzip data is broken or cut off.</exception>
    public override bool Read()
    {
        _ = Header;
        return Guard(_reader.Read);
    }

    /// <summary>A field of the record in UTF-8, unquoted; valid until the next read.</summary>
    public override ReadOnlySpan<byte> Field(int index) => _reader.GetSpan(index);

    /// <summary>Reads the rest and returns the SHA-256 of the unpacked bytes, lower-case hexadecimal.</summary>
    public override string Finish() => _file.Finish();

    public override void Dispose() => _reader.Dispose();

    private string[] ReadHeader()
    {
        if (!Guard(_reader.Read))
        {
            return [];
        }

        string[] names = new string[_reader.FieldCount];
        for (int i = 0; i < names.Length; i++)
        {
            ReadOnlySpan<byte> name = _reader.GetSpan(i);
            names[i] = Encoding.UTF8.GetString(name);
            if (CellText.FindError(name) is { } expected)
            {
                throw new TrainingException(TrainingFault.InvalidData, DataErrors.HeaderCell(Name, Line, i, names[i], expected));
            }
        }

        return names;
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return _file.Guard(read);
        }
        catch (CsvFormatException e)
        {
            throw new TrainingException(TrainingFault.InvalidData, $"{Name}:{e.LineNumber}: not well-formed CSV, {e.Message.TrimEnd('.')}", e);
        }
    }
}
