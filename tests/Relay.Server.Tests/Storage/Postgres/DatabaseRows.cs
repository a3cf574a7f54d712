using System.Data.Common;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Storage.Postgres;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>The rows of both engines in one form.</summary>
internal static class DatabaseRows
{
    /// <summary>All rows of all tables, each as one line.</summary>
    public static Dictionary<string, string[]> ReadAll(SqliteConnection tablesOf, DbConnection connection) =>
        RowCopy.FindTables(tablesOf).ToDictionary(table => table, table => Read(
            connection, table, tablesOf.Query<string>("SELECT name FROM pragma_table_info(@table)", new { table })));

    /// <summary>The rows of a table, sorted.</summary>
    public static string[] Read(DbConnection connection, string table, IEnumerable<string> columns) =>
    [
        .. connection.Query($"SELECT {string.Join(", ", columns.Select(column => $"\"{column}\""))} FROM \"{table}\"")
            .Select(row => string.Join('|', ((IDictionary<string, object?>)row).Values.Select(ToText)))
            .Order(StringComparer.Ordinal),
    ];

    private static string ToText(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "1" : "0",
        byte[] bytes => Convert.ToHexString(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
