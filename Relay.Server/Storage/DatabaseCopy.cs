using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Storage.Postgres;
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

    /// <summary>Copies one state of the rows of a folder into a new SQLite file, whichever engine has them.</summary>
    /// <exception cref="RelayStartException">The database is of another version of the relay.</exception>
    /// <exception cref="System.Data.Common.DbException">The original cannot be read, or the copy cannot be written.</exception>
    public static void Write(DataFolder folder, string copy)
    {
        if (folder.Server is { } server)
        {
            PostgresBackup.Write(server, copy);
        }
        else
        {
            Write(folder.Database, copy);
        }
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

    /// <summary>A connection to a file that is there.</summary>
    public static SqliteConnection Open(string path)
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
