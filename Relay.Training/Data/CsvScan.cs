using System.Text;
using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>Passes over a CSV file row by row, and hands each row's cells on; nothing of the file stays in memory.</summary>
internal static class CsvScan
{
    private const int RowsPerReport = 1 << 15;

    /// <param name="stage">See <see cref="TrainingProgress.Stage"/>.</param>
    /// <param name="readerOf">Who takes a row, by its index; null skips it.</param>
    /// <returns>The number of rows, and the SHA-256 of the unpacked bytes, lower-case hexadecimal.</returns>
    /// <exception cref="TrainingException">The file is missing, empty or not what the spec says.</exception>
    public static (int Rows, string Sha256) Run(
        ModelSpec spec, string path, string stage, Func<int, RowReader?> readerOf, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        using CsvFile file = CsvFile.Open(path, spec.Csv);
        int fieldCount = spec.Csv.Header ? file.Header.Count : spec.Columns.Count;
        int[] positions = CsvColumns.Locate(spec, file);
        int labelPosition = CsvColumns.LabelPosition(spec, positions);
        int[] featurePositions = CsvColumns.FeaturePositions(spec, positions);
        int rows = 0;
        while (file.Read())
        {
            if (file.FieldCount != fieldCount)
            {
                throw new TrainingException(
                    TrainingFault.InvalidData, $"{file.Name}:{file.Line}: got {file.FieldCount} fields, expected {fieldCount}");
            }

            if (readerOf(rows) is { } reader)
            {
                Take(file, reader, featurePositions, labelPosition);
            }

            if (++rows % RowsPerReport == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new TrainingProgress(stage, rows, null));
            }
        }

        string digest = file.Finish();
        if (rows == 0)
        {
            throw new TrainingException(TrainingFault.MissingData, $"{file.Name}: holds no rows");
        }

        progress?.Report(new TrainingProgress(stage, rows, rows));
        return (rows, digest);
    }

    private static void Take(CsvFile file, RowReader reader, int[] featurePositions, int labelPosition)
    {
        for (int i = 0; i < reader.Columns.Length; i++)
        {
            ReadOnlySpan<byte> cell = file.Field(featurePositions[i]);
            if (reader.Columns[i].Add(cell) is { } expected)
            {
                throw Refuse(file, reader.Columns[i].Name, cell, expected);
            }
        }

        if (reader.Truth is { } truth)
        {
            ReadOnlySpan<byte> label = file.Field(labelPosition);
            if (truth.Add(label, file.Line) is { } expected)
            {
                throw Refuse(file, truth.Name, label, expected);
            }
        }

        reader.EndRow();
    }

    private static TrainingException Refuse(CsvFile file, string column, ReadOnlySpan<byte> cell, string expected) =>
        new(
            TrainingFault.InvalidData,
            DataFault.Cell(file.Name, file.Line, column, Encoding.UTF8.GetString(cell), expected));
}
