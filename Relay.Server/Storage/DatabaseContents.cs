using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Storage.Postgres;

namespace Relay.Server.Storage;

/// <summary>Reads the database of a folder as it is, of whatever schema, whether a relay works with it or not.</summary>
internal static class DatabaseContents
{
    /// <summary>The first damage of a database; null when there is none. It reads all of it.</summary>
    /// <exception cref="DbException">The database cannot be read, for another reason than damage.</exception>
    public static string? FindDamage(DataFolder folder)
    {
        if (folder.Server is null)
        {
            return DatabaseCopy.FindDamage(folder.Database);
        }

        using DbConnection connection = Open(folder);
        try
        {
            foreach (string table in connection.Query<string>(
                """
                SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND (
                    relnamespace = current_schema()::regnamespace
                    OR relnamespace IN (SELECT oid FROM pg_namespace WHERE starts_with(nspname, @Prefix)))
                ORDER BY 1
                """,
                new { PostgresSampleTables.Prefix }))
            {
                connection.ExecuteScalar<long?>($"SELECT sum(length(CAST(every AS TEXT))) FROM {table} AS every", commandTimeout: 0);
            }

            return null;
        }
        catch (DbException damaged) when (PostgresErrors.IsDamage(damaged))
        {
            return damaged.Message;
        }
    }

    /// <summary>SHA-256 of the artifact files that the rows refer to.</summary>
    public static IReadOnlyList<string> ReadArtifacts(DataFolder folder)
    {
        using DbConnection connection = Open(folder);
        return [.. connection.Query<string>("SELECT sha256 FROM model_versions UNION SELECT signature_sha256 FROM model_versions ORDER BY 1")];
    }

    /// <summary>The lines of the audit log, the oldest first; none in an earlier schema.</summary>
    public static IEnumerable<string> ReadAuditLines(DataFolder folder)
    {
        using DbConnection connection = Open(folder);
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
    public static IReadOnlyList<byte[]> ReadAuditHeads(DataFolder folder)
    {
        using DbConnection connection = Open(folder);
        return Has(connection, "audit_heads") ? [.. connection.Query<byte[]>("SELECT document FROM audit_heads ORDER BY sequence")] : [];
    }

    private static bool Has(DbConnection connection, string table) => connection.ExecuteScalar<long>(
        connection is SqliteConnection
            ? "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = @table"
            : "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname = @table",
        new { table }) > 0;

    private static DbConnection Open(DataFolder folder) =>
        folder.Server is { } server ? PostgresDatabase.Connect(server) : DatabaseCopy.Open(folder.Database);
}
