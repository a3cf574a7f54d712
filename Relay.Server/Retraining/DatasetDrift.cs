using System.Data.Common;
using System.Text;
using Dapper;
using Relay.Server.Datasets;
using Relay.Server.Datasets.Reading;
using Relay.Server.Storage;
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

        // Samples that are added or deleted meanwhile change neither side.
        using DbTransaction transaction = dataset.Samples.BeginRead(connection);
        long after = Count(transaction, After, position);
        if (after < MinimumRows)
        {
            return new DriftFinding(HasEnoughBefore: true, HasEnoughAfter: false, 0);
        }

        long before = Count(transaction, Before, position);
        if (before < MinimumRows)
        {
            return new DriftFinding(HasEnoughBefore: false, HasEnoughAfter: true, 0) { Reference = FindReference(transaction, before + after) };
        }

        string[][] reference = Read(transaction, Before, position, before, stored.Length, columns, cancellationToken);
        string[][] recent = Read(transaction, After, position, after, stored.Length, columns, cancellationToken);
        return new DriftFinding(true, true, columns.Index().Select(column => ColumnDrift.Measure(
            column.Item.Type, [.. reference.Select(row => row[column.Index])], [.. recent.Select(row => row[column.Index])])).DefaultIfEmpty().Max());
    }

    private static long Count(DbTransaction transaction, string where, long position) => transaction.Connection!.ExecuteScalar<long>(
        $"SELECT count(*) FROM samples WHERE {where}", new { position }, transaction);

    // The older half: what is left that is closest to the samples that were deleted.
    private static long? FindReference(DbTransaction transaction, long rows) => rows < 2 * MinimumRows
        ? null
        : transaction.Connection!.ExecuteScalar<long>(
            "SELECT position FROM samples ORDER BY position LIMIT 1 OFFSET @skipped",
            new { skipped = Math.Min(rows / 2, MaximumRows) - 1 }, transaction);

    // By the number of the row: labels have positions, too, so that those of samples may all be odd. The numbered rows come first in the join: a
    // subquery in IN is compared with each sample by PostgreSQL, which took 38 s for 40,000.
    private static string[][] Read(
        DbTransaction transaction, string where, long position, long rows, int cells, (int Cell, ColumnType Type)[] columns,
        CancellationToken cancellationToken)
    {
        long step = Math.Max(1, (rows + MaximumRows - 1) / MaximumRows);
        Range[] places = new Range[cells];
        return
        [
            .. transaction.Connection!.Query<byte[]>(
                $"""
                SELECT cells FROM (SELECT position, row_number() OVER (ORDER BY position) AS number FROM samples WHERE {where}) AS numbered
                CROSS JOIN samples WHERE number % @step = 0 AND samples.position = numbered.position
                ORDER BY numbered.position
                """,
                new { position, step }, transaction, buffered: false)
                .Select(row =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    StoredCells.Locate(row, places);
                    return columns.Select(column => Encoding.UTF8.GetString(row.AsSpan(places[column.Cell]))).ToArray();
                }),
        ];
    }
}
