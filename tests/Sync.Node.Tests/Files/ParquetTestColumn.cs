using Parquet;
using Parquet.Schema;

namespace Sync.Node.Tests.Files;

/// <summary>A column of a Parquet file of a test.</summary>
internal abstract class ParquetTestColumn(Field type)
{
    public abstract int Rows { get; }

    public static ParquetTestColumn Texts(string name, IReadOnlyList<string?> cells) => new TextColumn(new DataField<string>(name), cells);

    public static ParquetTestColumn Values<T>(string name, params T?[] cells)
        where T : struct => new ValueColumn<T>(new DataField<T?>(name), cells);

    /// <summary>A column of any type, in a file without rows.</summary>
    public static ParquetTestColumn Empty(Field type) => new TextColumn(type, []);

    public static async Task WriteAsync(string path, int groupRows, CompressionMethod packing, params ParquetTestColumn[] columns)
    {
        await using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(columns.Select(column => column.Type)), file, new ParquetOptions { CompressionMethod = packing });
        for (int from = 0; from < columns[0].Rows; from += groupRows)
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            foreach (ParquetTestColumn column in columns)
            {
                await column.WriteAsync(group, from, Math.Min(groupRows, column.Rows - from));
            }
        }
    }

    public static Task WriteAsync(string path, params ParquetTestColumn[] columns) =>
        WriteAsync(path, 1000, CompressionMethod.None, columns);

    /// <summary>The cells of a column of a file, over all row groups; null for none.</summary>
    public static async Task<List<object?>> ReadAsync(string path, string column)
    {
        await using FileStream file = File.OpenRead(path);
        await using ParquetReader reader = await ParquetReader.CreateAsync(file);
        DataField field = reader.Schema.GetDataFields().Single(f => f.Name == column);
        List<object?> cells = [];
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
            cells.AddRange(field.ClrType == typeof(float) ? await ReadAsync<float>(rows, field)
                : field.ClrType == typeof(double) ? await ReadAsync<double>(rows, field)
                : await ReadTextsAsync(rows, field));
        }

        return cells;
    }

    public static async Task<(string[] Names, IReadOnlyDictionary<string, string> Origin)> DescribeAsync(string path)
    {
        await using FileStream file = File.OpenRead(path);
        await using ParquetReader reader = await ParquetReader.CreateAsync(file);
        return ([.. reader.Schema.Fields.Select(f => f.Name)], new Dictionary<string, string>(reader.CustomMetadata));
    }

    private Field Type => type;

    protected DataField DataField => (DataField)type;

    protected abstract Task WriteAsync(ParquetRowGroupWriter group, int from, int rows);

    private static async Task<IEnumerable<object?>> ReadAsync<T>(ParquetRowGroupReader rows, DataField field)
        where T : struct
    {
        T?[] cells = new T?[rows.RowCount];
        await rows.ReadAsync<T>(field, cells);
        return cells.Select(cell => (object?)cell);
    }

    private static async Task<IEnumerable<object?>> ReadTextsAsync(ParquetRowGroupReader rows, DataField field)
    {
        string[] cells = new string[rows.RowCount];
        await rows.ReadAsync(field, cells);
        return cells;
    }

    private sealed class TextColumn(Field type, IReadOnlyList<string?> cells) : ParquetTestColumn(type)
    {
        public override int Rows => cells.Count;

        protected override async Task WriteAsync(ParquetRowGroupWriter group, int from, int rows) =>
            await group.WriteAsync(DataField, cells.Skip(from).Take(rows).Select(cell => cell!).ToArray());
    }

    private sealed class ValueColumn<T>(DataField type, T?[] cells) : ParquetTestColumn(type)
        where T : struct
    {
        public override int Rows => cells.Length;

        protected override async Task WriteAsync(ParquetRowGroupWriter group, int from, int rows) =>
            await group.WriteAsync<T>(DataField, cells[from..(from + rows)], null, null, default);
    }
}
