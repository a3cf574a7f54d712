using System.Text;
using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Reading;

/// <summary>Passes over a CSV file row by row, and hands each row's cells on; nothing of the file stays in memory.</summary>
internal static class CsvScanner
{
    /// <summary>Rows after which a cancelled pass ends at the latest.</summary>
    public const int RowsPerCheck = 1 << 10;

    private const int RowsPerReport = 32 * RowsPerCheck;

    /// <param name="stage">See <see cref="TrainingProgress.Stage"/>.</param>
    /// <param name="readerOf">Who takes a row, by its index; null skips it.</param>
    /// <exception cref="TrainingException">The file is missing, empty or not what the spec says.</exception>
    public static ScannedFile Run(
        ModelSpec spec, string path, string stage, Func<int, RowReader?> readerOf, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken) => Run(spec, path, stage, readerOf, _ => null, progress, cancellationToken);

    /// <param name="sampleOf">Who takes a row as well.</param>
    public static ScannedFile Run(
        ModelSpec spec, string path, string stage, Func<int, RowReader?> readerOf, Func<int, RowReader?> sampleOf,
        IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        using CsvFile file = CsvFile.Open(path, spec.Csv);
        int fieldCount = spec.Csv.Header ? file.Header.Count : spec.Columns.Count;
        int[] positions = CsvColumns.Locate(spec, file);
        Fields fields = new(
            CsvColumns.FeaturePositions(spec, positions), CsvColumns.Position(spec, positions, ColumnType.Label),
            CsvColumns.Position(spec, positions, ColumnType.Weight), CsvColumns.Position(spec, positions, ColumnType.Time));
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
                Take(file, reader, fields);
            }

            if (sampleOf(rows) is { } sample)
            {
                Take(file, sample, fields);
            }

            if (++rows % RowsPerCheck == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (rows % RowsPerReport == 0)
            {
                progress?.Report(new TrainingProgress(stage, rows, null));
            }
        }

        string digest = file.Finish();
        if (rows == 0)
        {
            throw new TrainingException(TrainingFault.MissingData, $"{file.Name}: holds no rows");
        }

        progress?.Report(new TrainingProgress(stage, rows, rows));
        return new ScannedFile(file.Name, rows, digest, CsvColumns.FindOddity(file));
    }

    private static void Take(CsvFile file, RowReader reader, Fields fields)
    {
        for (int i = 0; i < reader.Columns.Length; i++)
        {
            Take(file, reader.Columns[i], fields.Features[i]);
        }

        Take(file, reader.WeightInputs?.Weights, fields.Weight);
        Take(file, reader.WeightInputs?.Times, fields.Time);
        reader.WeightInputs?.EndRow(file.Line);
        if (reader.LabelReader is { } labelReader)
        {
            ReadOnlySpan<byte> label = file.Field(fields.Label);
            if (labelReader.Take(label, file.Line) is { } expected)
            {
                throw Refuse(file, labelReader.Name, label, expected);
            }
        }

        reader.EndRow();
    }

    private static void Take(CsvFile file, ColumnReader? column, int position)
    {
        if (column is null)
        {
            return;
        }

        ReadOnlySpan<byte> cell = file.Field(position);
        if (column.Take(cell) is { } expected)
        {
            throw Refuse(file, column.Name, cell, expected);
        }
    }

    private static TrainingException Refuse(CsvFile file, string column, ReadOnlySpan<byte> cell, string expected) =>
        new(
            TrainingFault.InvalidData,
            DataErrors.Cell(file.Name, file.Line, column, Encoding.UTF8.GetString(cell), expected));

    /// <summary>Where the cells of a row stand; -1 where there is no such column.</summary>
    private sealed record Fields(int[] Features, int Label, int Weight, int Time);
}
