using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Reading;

/// <summary>Passes over a file row by row, and hands each row's cells on; nothing of the file stays in memory.</summary>
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
        using RowFile file = RowFiles.Open(path, spec);
        int fieldCount = file.HasHeader ? file.Header.Count : spec.Columns.Count;
        int[] positions = CsvColumns.Locate(spec, file);
        Fields fields = new(
            CsvColumns.FeaturePositions(spec, positions), CsvColumns.Position(spec, positions, ColumnType.Label),
            CsvColumns.Position(spec, positions, ColumnType.Weight), CsvColumns.Position(spec, positions, ColumnType.Time));
        CellForms forms = new(spec);
        FaultyColumns faults = new(file.Name);
        int rows = 0;
        while (file.Read())
        {
            if (file.FieldCount != fieldCount)
            {
                throw faults.Refuse($"{file.Name}:{file.Line}: got {file.FieldCount} fields, expected {fieldCount}");
            }

            if (readerOf(rows) is { } reader)
            {
                Take(file, reader, fields, forms, faults);
            }

            if (sampleOf(rows) is { } sample)
            {
                Take(file, sample, fields, forms, faults);
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

        faults.ThrowIfAny();
        string digest = file.Finish();
        if (rows == 0)
        {
            throw new TrainingException(TrainingFault.MissingData, $"{file.Name}: holds no rows");
        }

        progress?.Report(new TrainingProgress(stage, rows, rows));
        return new ScannedFile(file.Name, rows, digest, CsvColumns.FindOddities(spec, file));
    }

    private static void Take(RowFile file, RowReader reader, Fields fields, CellForms forms, FaultyColumns faults)
    {
        for (int i = 0; i < reader.Columns.Length; i++)
        {
            Take(file, reader.Columns[i], fields.Features[i], forms, faults);
        }

        Take(file, reader.WeightInputs?.Weights, fields.Weight, forms, faults);
        Take(file, reader.WeightInputs?.Times, fields.Time, forms, faults);
        reader.WeightInputs?.EndRow(file.Line);
        if (reader.LabelReader is { } labelReader && !faults.Has(labelReader.Name))
        {
            ReadOnlySpan<byte> label = forms.Read(labelReader.Name, file.Field(fields.Label));
            if (labelReader.Take(label, file.Line) is { } expected)
            {
                faults.Add(file, labelReader.Name, fields.Label, expected);
            }
        }

        reader.EndRow();
    }

    private static void Take(RowFile file, ColumnReader? column, int position, CellForms forms, FaultyColumns faults)
    {
        if (column is null || faults.Has(column.Name))
        {
            return;
        }

        if (column.Take(forms.Read(column.Name, file.Field(position))) is { } expected)
        {
            faults.Add(file, column.Name, position, expected);
        }
    }

    /// <summary>Where the cells of a row stand; -1 where there is no such column.</summary>
    private sealed record Fields(int[] Features, int Label, int Weight, int Time);
}
