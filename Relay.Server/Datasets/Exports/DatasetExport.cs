using System.Text;
using System.Text.Json;
using Relay.Server.Datasets.Reading;
using Relay.Server.Storage;
using Relay.Training.Data.Uploads;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

namespace Relay.Server.Datasets.Exports;

/// <summary>Writes the samples of a dataset in the order of their numbers, with the labels that their votes decided. The same samples give the same
/// bytes.</summary>
internal sealed class DatasetExport(DatasetSpec spec, SampleReader samples, SpaceGuard guard)
{
    private readonly int _label = spec.Columns.ToList().FindIndex(column => column.Type is ColumnType.Label);

    public async Task WriteAsync(ExportFormat format, Stream output, CancellationToken cancellationToken)
    {
        switch (format)
        {
            case ExportFormat.Csv:
                WriteCsv(output, cancellationToken);
                break;
            case ExportFormat.Ndjson:
                WriteNdjson(output, cancellationToken);
                break;
            default:
                await WriteParquetAsync(output, cancellationToken);
                break;
        }
    }

    private void WriteCsv(Stream output, CancellationToken cancellationToken)
    {
        CsvText csv = new(output, (byte)',');
        csv.Write(Encoding.UTF8.GetBytes(SampleBounds.IdColumn));
        foreach (DatasetColumn column in spec.Columns)
        {
            csv.Write(Encoding.UTF8.GetBytes(column.Name));
        }

        csv.EndRow();
        foreach (ReadSample sample in guard.Watch(samples.Read(cancellationToken), sample => sample.Bytes))
        {
            csv.Write(Encoding.UTF8.GetBytes(sample.Id));
            ForEachCell(sample, (_, cell) => csv.Write(cell));
            csv.EndRow();
        }
    }

    private void WriteNdjson(Stream output, CancellationToken cancellationToken)
    {
        using Utf8JsonWriter json = new(output);
        foreach (ReadSample sample in guard.Watch(samples.Read(cancellationToken), sample => sample.Bytes))
        {
            json.WriteStartObject();
            json.WriteString(SampleBounds.IdColumn, sample.Id);
            ForEachCell(sample, (column, cell) =>
            {
                if (cell.Length > 0)
                {
                    json.WriteString(spec.Columns[column].Name, cell);
                }
            });
            json.WriteEndObject();
            json.Flush();
            json.Reset();
            output.WriteByte((byte)'\n');
        }
    }

    private async Task WriteParquetAsync(Stream output, CancellationToken cancellationToken)
    {
        await using ParquetTable table = await ParquetTable.CreateAsync(
            [(SampleBounds.IdColumn, false), .. spec.Columns.Select(c => (c.Name, c.Type is ColumnType.Number or ColumnType.Weight))], output);
        foreach (ReadSample sample in guard.Watch(samples.Read(cancellationToken), sample => sample.Bytes))
        {
            table.Add(0, Encoding.UTF8.GetBytes(sample.Id));
            ForEachCell(sample, (column, cell) => table.Add(column + 1, cell));
            await table.EndRowAsync();
        }
    }

    private delegate void CellAction(int column, ReadOnlySpan<byte> cell);

    private void ForEachCell(ReadSample sample, CellAction action)
    {
        Span<Range> places = new Range[spec.Columns.Count - (_label < 0 ? 0 : 1)];
        StoredCells.Locate(sample.Cells, places);
        int next = 0;
        for (int column = 0; column < spec.Columns.Count; column++)
        {
            action(column, column == _label ? Encoding.UTF8.GetBytes(sample.Verdict.Label ?? "") : sample.Cells.AsSpan(places[next++]));
        }
    }
}
