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

    /// <summary>Samples that are read of each side, evenly over it.</summary>
    private const int MaximumRows = 10_000;

    /// <returns>Null where there are too few samples.</returns>
    public static double? Measure(Dataset dataset, ModelSpec model, long position)
    {
        string[] stored = [.. dataset.Spec.Columns.Where(c => c.Type is not ColumnType.Label).Select(c => c.Name)];
        (int Cell, ColumnType Type)[] columns =
            [.. model.Features.Select(f => (Array.IndexOf(stored, f.Name), f.Type)).Where(column => column.Item1 >= 0)];
        using DbConnection connection = dataset.Samples.OpenForReads();
        string[][] before = Read(connection, "position <= @position", position, stored.Length, columns);
        string[][] after = Read(connection, "position > @position", position, stored.Length, columns);
        return before.Length < MinimumRows || after.Length < MinimumRows
            ? null
            : columns.Index().Select(column => ColumnDrift.Measure(
                column.Item.Type, [.. before.Select(row => row[column.Index])], [.. after.Select(row => row[column.Index])])).DefaultIfEmpty().Max();
    }

    private static string[][] Read(
        DbConnection connection, string where, long position, int cells, (int Cell, ColumnType Type)[] columns)
    {
        long all = connection.ExecuteScalar<long>($"SELECT count(*) FROM samples WHERE {where}", new { position });
        long step = Math.Max(1, all / MaximumRows);
        Range[] places = new Range[cells];
        return
        [
            .. connection.Query<byte[]>(
                $"SELECT cells FROM samples WHERE {where} AND position % @step = 0 ORDER BY position", new { position, step }, buffered: false)
                .Select(row =>
                {
                    StoredCells.Locate(row, places);
                    return columns.Select(column => Encoding.UTF8.GetString(row.AsSpan(places[column.Cell]))).ToArray();
                }),
        ];
    }
}
