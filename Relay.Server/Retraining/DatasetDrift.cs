using System.Data.Common;
using System.Text;
using Dapper;
using Relay.Server.Datasets;
using Relay.Server.Datasets.Reading;
using Shared.Contracts.Models;

namespace Relay.Server.Retraining;

/// <summary>How far the samples since a position are from those before it, in the column that differs most.</summary>
internal static class DatasetDrift
{
    /// <summary>Samples on each side, below which nothing is said.</summary>
    public const int MinimumRows = 200;

    private const string Before = "position <= @position";
    private const string After = "position > @position";

    /// <summary>Samples that are read of each side, evenly over it.</summary>
    private const int MaximumRows = 10_000;

    /// <exception cref="OperationCanceledException">The relay stops.</exception>
    public static DriftFinding Measure(Dataset dataset, ModelSpec model, long position, CancellationToken cancellationToken)
    {
        string[] stored = [.. dataset.Spec.Columns.Where(c => c.Type is not ColumnType.Label).Select(c => c.Name)];
        (int Cell, ColumnType Type)[] columns =
            [.. model.Features.Select(f => (Array.IndexOf(stored, f.Name), f.Type)).Where(column => column.Item1 >= 0)];
        using DbConnection connection = dataset.Samples.OpenForReads();
        bool hasEnoughAfter = Count(connection, After, position) >= MinimumRows;
        if (!hasEnoughAfter || Count(connection, Before, position) < MinimumRows)
        {
            return new DriftFinding(HasEnoughBefore: !hasEnoughAfter, hasEnoughAfter, 0);
        }

        string[][] before = Read(connection, Before, position, stored.Length, columns, cancellationToken);
        string[][] after = Read(connection, After, position, stored.Length, columns, cancellationToken);
        return new DriftFinding(true, true, columns.Index().Select(column => ColumnDrift.Measure(
            column.Item.Type, [.. before.Select(row => row[column.Index])], [.. after.Select(row => row[column.Index])])).DefaultIfEmpty().Max());
    }

    private static long Count(DbConnection connection, string where, long position) =>
        connection.ExecuteScalar<long>($"SELECT count(*) FROM samples WHERE {where}", new { position });

    // By the number of the row: labels have positions, too, so that those of samples may all be odd.
    private static string[][] Read(
        DbConnection connection, string where, long position, int cells, (int Cell, ColumnType Type)[] columns, CancellationToken cancellationToken)
    {
        long step = Math.Max(1, (Count(connection, where, position) + MaximumRows - 1) / MaximumRows);
        Range[] places = new Range[cells];
        return
        [
            .. connection.Query<byte[]>(
                $"""
                SELECT cells FROM samples WHERE position IN (
                    SELECT position FROM (SELECT position, row_number() OVER (ORDER BY position) AS number FROM samples WHERE {where})
                    WHERE number % @step = 0)
                ORDER BY position
                """,
                new { position, step }, buffered: false)
                .Select(row =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    StoredCells.Locate(row, places);
                    return columns.Select(column => Encoding.UTF8.GetString(row.AsSpan(places[column.Cell]))).ToArray();
                }),
        ];
    }
}
