using Relay.Training.Data;
using Relay.Training.Data.Reading;
using Relay.Training.Engines.Common.Sharding;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data.Streaming;

/// <summary>Reading ends a bounded number of rows after it is cancelled.</summary>
public sealed class CancellationTests : IDisposable
{
    private const int Rows = 100_000;
    private static readonly ModelSpec Spec = CsvFolder.Spec with
    {
        Columns = [new ColumnSpec("size", ColumnType.Number), new ColumnSpec("verdict", ColumnType.Label)],
    };

    private readonly CsvFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_CancelledAtARow_EndsBeforeTheNextCheckHasPassed()
    {
        string path = WriteRows();
        using CancellationTokenSource stop = new();
        int last = 0;

        Assert.ThrowsAny<OperationCanceledException>(() => CsvScanner.Run(Spec, path, "read", Skip, null, stop.Token));

        Assert.InRange(last, 5_000, 5_000 + CsvScanner.RowsPerCheck);

        RowReader? Skip(int row)
        {
            last = row;
            if (row == 5_000)
            {
                stop.Cancel();
            }

            return null;
        }
    }

    [Theory]
    [InlineData("count")]
    [InlineData("read")]
    [InlineData("bin")]
    public void LoadBinned_CancelledInAPass_IsNotHeardOfAgain(string stage)
    {
        DataSource source = new(Spec, WriteRows(), null);
        using CancellationTokenSource stop = new();
        Reports reports = new(stage, stop);

        Assert.ThrowsAny<OperationCanceledException>(
            () => DataLoader.LoadBinned(source, SingleShard.Instance, 1, reports, stop.Token));

        Assert.Equal(0, reports.AfterStop);
        Assert.True(stop.IsCancellationRequested);
    }

    private string WriteRows() => _folder.Write(
        "rows.csv", ["size,verdict", .. Enumerable.Range(0, Rows).Select(row => $"{row % 1000},{(row % 3 == 0 ? "good" : "bad")}")]);

    private sealed class Reports(string stage, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public int AfterStop { get; private set; }

        public void Report(TrainingProgress value)
        {
            AfterStop += stop.IsCancellationRequested ? 1 : 0;
            if (value.Stage == stage)
            {
                stop.Cancel();
            }
        }
    }
}
