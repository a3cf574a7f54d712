using Parquet;
using Parquet.Schema;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Sync.Node.Files;

/// <summary>Answers as Parquet, in groups of rows.</summary>
internal sealed class ParquetAnswers : AnswerFile
{
    // A row group in memory: columns times rows.
    private const int GroupCells = 1 << 21;
    private const int MinimumGroupRows = 1024;

    private readonly OutputFile _file;
    private readonly ParquetWriter _writer;
    private readonly Column[] _columns;
    private readonly int _groupRows;
    private int _next;
    private int _rows;

    private ParquetAnswers(OutputFile file, ParquetWriter writer, Column[] columns)
    {
        (_file, _writer, _columns) = (file, writer, columns);
        _groupRows = Math.Max(MinimumGroupRows, GroupCells / columns.Length);
    }

    /// <exception cref="FileException">Two columns of the answers have one name, which Parquet cannot hold.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static ParquetAnswers Open(string path, IReadOnlyList<AnswerColumn> answers, IReadOnlyDictionary<string, string> origin)
    {
        if (answers.CountBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(name => name.Value > 1).Key is { } twice)
        {
            throw new FileException(
                $"two columns of the answers are called '{DisplayText.Escape(twice, 100)}', which a Parquet file cannot hold: name a .csv file");
        }

        Column[] columns = [.. answers.Select(Column.Create)];
        OutputFile file = new(path);
        try
        {
            ParquetWriter writer = ParquetWriter.CreateAsync(new ParquetSchema(columns.Select(c => c.Field)), file.Open()).GetAwaiter().GetResult();
            writer.CustomMetadata = new Dictionary<string, string>(origin);
            return new ParquetAnswers(file, writer, columns);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override void Write(string text) => _columns[_next++].Add(text);

    public override void Write(double number) => _columns[_next++].Add(number);

    public override void Write(float number) => _columns[_next++].Add(number);

    public override void EndRow()
    {
        _next = 0;
        if (++_rows == _groupRows)
        {
            WriteGroup();
        }
    }

    public override void Complete()
    {
        if (_rows > 0)
        {
            WriteGroup();
        }

        // It writes the end of the file, and leaves the stream open.
        _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Complete();
    }

    // Not the writer: it would write the end of a file that is deleted, and throw again where the disk is full.
    public override void Dispose() => _file.Dispose();

    private void WriteGroup()
    {
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        foreach (Column column in _columns)
        {
            column.WriteAsync(group).AsTask().GetAwaiter().GetResult();
        }

        _rows = 0;
    }

    private abstract class Column(DataField cells)
    {
        public DataField Field => cells;

        public static Column Create(AnswerColumn column) => column.Type switch
        {
            AnswerType.Text => new Texts(column.Name),
            AnswerType.Single => new Numbers<float>(column.Name, number => (float)number),
            _ => new Numbers<double>(column.Name, number => number),
        };

        public abstract void Add(string text);

        public abstract void Add(double number);

        /// <summary>Writes the cells, and begins anew.</summary>
        public abstract ValueTask WriteAsync(ParquetRowGroupWriter group);
    }

    private sealed class Texts(string name) : Column(new DataField<string>(name))
    {
        private readonly List<string> _cells = [];

        public override void Add(string text) => _cells.Add(text.Length == 0 ? null! : text);

        public override void Add(double number) => throw new InvalidOperationException("The column holds texts.");

        public override async ValueTask WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync(Field, _cells);
            _cells.Clear();
        }
    }

    private sealed class Numbers<T>(string name, Func<double, T> convert) : Column(new DataField<T?>(name))
        where T : struct
    {
        private readonly List<T?> _cells = [];

        public override void Add(string text) => throw new InvalidOperationException("The column holds numbers.");

        public override void Add(double number) => _cells.Add(double.IsNaN(number) ? null : convert(number));

        public override async ValueTask WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync<T>(Field, _cells.ToArray(), null, null, default);
            _cells.Clear();
        }
    }
}
