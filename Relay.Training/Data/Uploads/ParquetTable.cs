using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace Relay.Training.Data.Uploads;

/// <summary>Writes rows of texts and numbers as Parquet, in groups of rows; the same rows give the same bytes.</summary>
public sealed class ParquetTable : IAsyncDisposable
{
    private const int GroupRows = 20_000;

    private readonly DataField[] _fields;
    private readonly List<string?>[] _cells;
    private readonly ParquetWriter _writer;

    private ParquetTable(DataField[] fields, ParquetWriter writer) =>
        (_fields, _cells, _writer) = (fields, [.. fields.Select(_ => new List<string?>(GroupRows))], writer);

    /// <param name="columns">The name of each column, and whether it holds numbers.</param>
    public static async Task<ParquetTable> CreateAsync(IReadOnlyList<(string Name, bool IsNumber)> columns, Stream output)
    {
        DataField[] fields =
            [.. columns.Select(column => column.IsNumber ? (DataField)new DataField<double?>(column.Name) : new DataField<string>(column.Name))];
        return new ParquetTable(fields, await ParquetWriter.CreateAsync(new ParquetSchema(fields), output).ConfigureAwait(false));
    }

    /// <summary>Sets the next cell of a column; empty is a missing value.</summary>
    public void Add(int column, ReadOnlySpan<byte> cell) => _cells[column].Add(cell.IsEmpty ? null : Encoding.UTF8.GetString(cell));

    /// <summary>Ends a row, after each column has its cell.</summary>
    public ValueTask EndRowAsync() => _cells[0].Count >= GroupRows ? new ValueTask(WriteGroupAsync()) : ValueTask.CompletedTask;

    /// <summary>Writes what is left, and the end of the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_cells[0].Count > 0)
        {
            await WriteGroupAsync().ConfigureAwait(false);
        }

        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WriteGroupAsync()
    {
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        for (int column = 0; column < _fields.Length; column++)
        {
            if (_fields[column].ClrType == typeof(double))
            {
                double?[] numbers =
                    [.. _cells[column].Select(text => text is null ? (double?)null : double.Parse(text, CultureInfo.InvariantCulture))];
                await group.WriteAsync<double>(_fields[column], numbers, null, null, default).ConfigureAwait(false);
            }
            else
            {
                await group.WriteAsync(_fields[column], _cells[column].Select(text => text!).ToArray()).ConfigureAwait(false);
            }

            _cells[column].Clear();
        }
    }
}
