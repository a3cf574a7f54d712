using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>Reads a CSV file into columns: numbers and codes, never the text.</summary>
internal static class CsvTable
{
    private const int RowsPerReport = 1 << 15;

    public static RawTable Read(
        ModelSpec spec, string path, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        using CsvFile file = CsvFile.Open(path, spec.Csv);
        int fieldCount = spec.Csv.Header ? file.Header.Count : spec.Columns.Count;
        int[] positions = CsvColumns.Locate(spec, file);
        ColumnBuilder[] columns = [.. spec.Features.Select(ColumnBuilder.For)];
        int labelPosition = CsvColumns.LabelPosition(spec, positions);
        int[] featurePositions = CsvColumns.FeaturePositions(spec, positions);
        LabelColumnBuilder labels = new(spec.Columns.First(c => c.Type == ColumnType.Label).Name);

        while (file.Read())
        {
            if (file.FieldCount != fieldCount)
            {
                throw new TrainingException(
                    TrainingFault.InvalidData, $"{file.Name}:{file.Line}: got {file.FieldCount} fields, expected {fieldCount}");
            }

            for (int i = 0; i < columns.Length; i++)
            {
                ReadOnlySpan<byte> cell = file.Field(featurePositions[i]);
                if (columns[i].Add(cell) is { } expected)
                {
                    throw Refuse(file, columns[i].Name, cell, expected);
                }
            }

            ReadOnlySpan<byte> label = file.Field(labelPosition);
            if (labels.Add(label, file.Line) is { } expectedLabel)
            {
                throw Refuse(file, labels.Name, label, expectedLabel);
            }

            if (labels.Count % RowsPerReport == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new TrainingProgress("read", labels.Count, null));
            }
        }

        string digest = file.Finish();
        if (labels.Count == 0)
        {
            throw new TrainingException(TrainingFault.MissingData, $"{file.Name}: holds no rows");
        }

        progress?.Report(new TrainingProgress("read", labels.Count, labels.Count));
        return new RawTable(file.Name, digest, [.. columns.Select(c => c.Finish())], labels.Finish());
    }

    private static TrainingException Refuse(CsvFile file, string column, ReadOnlySpan<byte> cell, string expected) =>
        new(
            TrainingFault.InvalidData,
            DataFault.Cell(file.Name, file.Line, column, System.Text.Encoding.UTF8.GetString(cell), expected));
}
