using System.Globalization;
using System.Runtime.CompilerServices;
using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data.Streaming;

/// <summary>What is kept of a large file: two bytes per cell, a few words per row and a table per column, never its numbers.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryTests : IDisposable
{
    private const string Name = "memory";
    private const int Rows = 60_000;
    private const int Columns = 40;

    // Labels of the file's rows and of the kept ones, which kept row stands for a row, how many a kept row stands for, and the row's fingerprint.
    private const int BytesPerRow = (2 * Columns) + (3 * sizeof(int)) + 1 + sizeof(ulong);

    // Rows as they were read, for the gates: no more of them, however long the file is. About, since a hash draws them.
    private const long BytesOfSample = TrainingRowFacts.SampleRows * 11L / 10 * Columns * sizeof(float);

    // Bin edges, and the table that finds a value's bin by its upper half.
    private const int BytesPerColumn = (1 << 16) + (256 * sizeof(float));
    private const long Others = 1 << 20;
    private readonly CsvFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LoadBinned_LargeFile_KeepsBytesPerCell()
    {
        DataSource source = Create();

        // The least of a few: pools free their buffers in their own time, and what goes meanwhile looks as if the data had kept it.
        long kept = Enumerable.Range(0, 3).Min(_ => Measure(source));

        Assert.InRange(kept, Columns * Rows, ((long)BytesPerRow * Rows) + ((long)BytesPerColumn * Columns) + BytesOfSample + Others);
        GC.KeepAlive(source);
    }

    /// <summary>What goes when the data go.</summary>
    private static long Measure(DataSource source)
    {
        LoadedData?[] loaded = [null];
        Load(source, loaded);
        long with = GC.GetTotalMemory(forceFullCollection: true);
        loaded[0] = null;
        return with - GC.GetTotalMemory(forceFullCollection: true);
    }

    // Not inlined, so that no register of the test holds the data.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Load(DataSource source, LoadedData?[] loaded)
    {
        loaded[0] = DataLoader.LoadBinned(source, threads: 1);
        Assert.Equal(Rows, loaded[0]!.Train.RowCount);
    }

    // All cells differ, so that no rows are merged and every column has all the bins that it may have.
    private DataSource Create()
    {
        ColumnSpec[] columns = [.. Enumerable.Range(0, Columns).Select(c => new ColumnSpec($"c{c}", ColumnType.Number))];
        ModelSpec spec = CsvFolder.Spec with { Columns = [.. columns, new ColumnSpec("verdict", ColumnType.Label)] };
        string path = Path.Combine(_folder.Path, "large.csv");
        Random random = new(1);
        using (StreamWriter csv = new(path))
        {
            csv.WriteLine(string.Join(',', spec.Columns.Select(c => c.Name)));
            for (int row = 0; row < Rows; row++)
            {
                for (int c = 0; c < Columns; c++)
                {
                    csv.Write(random.NextSingle().ToString(CultureInfo.InvariantCulture));
                    csv.Write(',');
                }

                csv.WriteLine(row % 2 == 0 ? "good" : "bad");
            }
        }

        return new DataSource(spec, path, _folder.Write("held-out.csv", [.. File.ReadLines(path).Take(20)]));
    }
}
