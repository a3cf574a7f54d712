using Dapper;
using Microsoft.Data.Sqlite;
using Shared.Platform.Files;

namespace Relay.Server.Storage;

/// <summary>Copies of SQLite files, made and checked whether another process writes to the original or not.</summary>
internal static class DatabaseCopy
{
    /// <summary>Copies one state of a database into a new file, without the pages that are not in use, where deleted content may be left.</summary>
    /// <exception cref="System.Data.Common.DbException">The original cannot be read, or the copy cannot be written.</exception>
    public static void Write(string original, string copy)
    {
        // SQLite takes an empty file as the new one; its mode is that of a file with keys and addresses.
        using (FileOpening.CreatePrivate(copy))
        {
        }

        using SqliteConnection connection = Open(original);
        connection.Execute("VACUUM INTO @copy", new { copy }, commandTimeout: 0);
    }

    /// <summary>The first damage of a database; null when there is none. It reads all pages and compares all indices.</summary>
    public static string? FindDamage(string path)
    {
        try
        {
            using SqliteConnection connection = Open(path);
            return connection.QueryFirst<string>("PRAGMA integrity_check(1)", commandTimeout: 0) is { } verdict && verdict != "ok"
                ? verdict.ReplaceLineEndings(" ")
                : null;
        }
        catch (SqliteException damaged) when (SqliteErrors.IsDamage(damaged))
        {
            return damaged.Message;
        }
    }

    /// <summary>The version of the schema and the number of rows of tables, without tables that an earlier schema lacks.</summary>
    public static (long Schema, IReadOnlyDictionary<string, long> Rows) Count(string path, IEnumerable<string> tables)
    {
        using SqliteConnection connection = Open(path);
        return (
            connection.ExecuteScalar<long>("PRAGMA user_version"),
            tables.Intersect(connection.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table'"), StringComparer.Ordinal).ToDictionary(
                table => table, table => connection.ExecuteScalar<long>($"SELECT count(*) FROM {table}", commandTimeout: 0), StringComparer.Ordinal));
    }

    /// <summary>SHA-256 of the artifact files that the rows refer to.</summary>
    public static IReadOnlyList<string> ReadArtifacts(string path)
    {
        using SqliteConnection connection = Open(path);
        return [.. connection.Query<string>("SELECT sha256 FROM model_versions UNION SELECT signature_sha256 FROM model_versions ORDER BY 1")];
    }

    /// <summary>The lines of the audit log, the oldest first; none in an earlier schema.</summary>
    public static IEnumerable<string> ReadAuditLines(string path)
    {
        using SqliteConnection connection = Open(path);
        if (!Has(connection, "audit_log"))
        {
            yield break;
        }

        foreach (string line in connection.Query<string>("SELECT line FROM audit_log ORDER BY sequence", buffered: false))
        {
            yield return line;
        }
    }

    /// <summary>The documents of the heads of the audit log that were signed, the oldest first.</summary>
    public static IReadOnlyList<byte[]> ReadAuditHeads(string path)
    {
        using SqliteConnection connection = Open(path);
        return Has(connection, "audit_heads") ? [.. connection.Query<byte[]>("SELECT document FROM audit_heads ORDER BY sequence")] : [];
    }

    private static bool Has(SqliteConnection connection, string table) =>
        connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = @table", new { table }) > 0;

    private static SqliteConnection Open(string path)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            DefaultTimeout = 60,
            Pooling = false,
        }.ToString());
        connection.Open();
        return connection;
    }
}
