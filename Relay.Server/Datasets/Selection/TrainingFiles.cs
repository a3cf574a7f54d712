using System.Text;
using Relay.Server.Datasets.Exports;
using Relay.Server.Datasets.Reading;
using Relay.Server.Storage;
using Shared.Contracts.Models;

namespace Relay.Server.Datasets.Selection;

/// <summary>The rows that a run takes of a dataset, as the files that it trains on: CSV in the form that the spec of the model states. They exist
/// until this is disposed.</summary>
internal sealed class TrainingFiles : IDisposable
{
    private readonly string _folder;
    private readonly IDisposable _copy;

    private TrainingFiles(string folder, string train, string? test, DatasetUse use, IDisposable copy) =>
        (_folder, Train, Test, Use, _copy) = (folder, train, test, use, copy);

    public string Train { get; }

    /// <summary>Null where the held-out rows are a file of their own.</summary>
    public string? Test { get; }

    public DatasetUse Use { get; }

    /// <param name="folder">Is created, and deleted when this is disposed.</param>
    /// <param name="copy">Is disposed when the files are deleted.</param>
    /// <exception cref="IOException">The disk is full, or keeps what is left for the relay.</exception>
    /// <exception cref="Relay.Training.TrainingException">Too few rows are left.</exception>
    public static TrainingFiles Write(
        Dataset dataset, long? position, ModelSpec model, bool hasTestFile, NodeRules rules, string folder, IDisposable copy, SpaceGuard guard,
        CancellationToken cancellationToken)
    {
        using SampleReader samples = new(dataset, position);
        ColumnSpec[] columns = [.. model.Columns.Where(c => model.Csv.Header is false || TrainingColumns.Read(model).Contains(c))];
        string[] stored = [.. dataset.Spec.Columns.Where(c => c.Type is not ColumnType.Label).Select(c => c.Name)];
        int[] cells = [.. columns.Select(c => c.Type is ColumnType.Label ? -1 : Array.IndexOf(stored, c.Name))];
        (int, bool)[] features =
        [
            .. columns.Zip(cells).Where(c => c.First.Type is ColumnType.Number or ColumnType.Category)
                .Select(c => (c.Second, c.First.Type is ColumnType.Number)),
        ];
        TrainingSelection selection = TrainingSelection.Choose(
            dataset, samples, features, columns.Any(c => c.Type is ColumnType.Label), hasTestFile, rules, cancellationToken);

        Directory.CreateDirectory(folder);
        string name = $"{dataset.Name}-{samples.Position}";
        TrainingFiles files = new(
            folder, Path.Combine(folder, $"{name}-train.csv"), hasTestFile ? null : Path.Combine(folder, $"{name}-test.csv"), selection.Use, copy);
        try
        {
            files.Write(guard.Watch(samples.Read(cancellationToken), sample => sample.Bytes), selection, model, columns, cells, stored.Length);
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _copy.Dispose();
    }

    private void Write(
        IEnumerable<ReadSample> samples, TrainingSelection selection, ModelSpec model, ColumnSpec[] columns, int[] cells, int stored)
    {
        using FileStream train = Create(Train);
        using FileStream? test = Test is null ? null : Create(Test);
        byte delimiter = (byte)model.Csv.Delimiter[0];
        CsvText[] parts = [.. new[] { train, test }.OfType<FileStream>().Select(file => new CsvText(file, delimiter))];
        foreach (CsvText part in model.Csv.Header ? parts : [])
        {
            foreach (ColumnSpec column in columns)
            {
                part.Write(Encoding.UTF8.GetBytes(column.Name));
            }

            part.EndRow();
        }

        Range[] places = new Range[stored];
        foreach (ReadSample sample in samples)
        {
            if (selection.IsHeldOut(sample.Position) is not { } isHeldOut)
            {
                continue;
            }

            StoredCells.Locate(sample.Cells, places);
            CsvText part = parts[isHeldOut ? 1 : 0];
            for (int i = 0; i < cells.Length; i++)
            {
                part.Write(columns[i].Type is ColumnType.Label ? Encoding.UTF8.GetBytes(sample.Verdict.Label ?? "")
                    : cells[i] < 0 ? []
                    : sample.Cells.AsSpan(places[cells[i]]));
            }

            part.EndRow();
        }
    }

    private static FileStream Create(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
}
