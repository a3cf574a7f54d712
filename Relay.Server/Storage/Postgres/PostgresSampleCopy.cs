using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Shared.Platform.Files;

namespace Relay.Server.Storage.Postgres;

/// <summary>Copies the samples of a dataset between an SQLite file and a schema of PostgreSQL.</summary>
internal static class PostgresSampleCopy
{
    /// <summary>Fills a new schema, with all rows of a file that was checked.</summary>
    /// <param name="restore">The restore that does it; null for none.</param>
    /// <exception cref="InvalidDataException">The file is of another version of the relay, or not all of it was copied.</exception>
    /// <exception cref="DbException">The file or the database cannot be used.</exception>
    public static void Load(PostgresConnection to, DbTransaction transaction, string file, string schema, string? restore = null)
    {
        using SqliteConnection from = DatabaseCopy.Open(file);
        if (from.ExecuteScalar<long>("PRAGMA user_version") != SampleSchema.Version)
        {
            throw new InvalidDataException("another version of the relay made it, or it is empty");
        }

        SampleSchema.Complete(from);
        PostgresSampleTables.Create(to, transaction, schema, restore);
        foreach (string table in SampleSchema.Tables)
        {
            RowCopy.ToPostgres(from, to, transaction, table);
            if (Count(from, null, table) is var expected && Count(to, transaction, table) is var found && expected != found)
            {
                throw new InvalidDataException($"of {expected} rows of {table}, {found} were copied");
            }
        }

        PostgresSampleTables.Index(to, transaction);
    }

    /// <summary>Copies one state of a schema into a new SQLite file.</summary>
    /// <returns>False where the dataset was deleted meanwhile; then there is no file.</returns>
    /// <exception cref="DbException">The database cannot be read, or the copy cannot be written.</exception>
    public static bool Write(string server, string name, string copy)
    {
        string schema = PostgresSampleTables.SchemaOf(name);
        using PostgresConnection from = PostgresDatabase.Connect(server);
        from.Execute("SELECT set_config('search_path', @schema, FALSE)", new { schema });
        try
        {
            using DbTransaction snapshot = PostgresSamples.BeginSnapshot(from);
            using (FileOpening.CreatePrivate(copy))
            {
            }

            using SqliteConnection to = DatabaseCopy.Open(copy);
            to.Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
            using SqliteTransaction transaction = to.BeginTransaction(deferred: false);
            to.Execute(SampleSchema.Text, transaction: transaction);
            foreach (string table in SampleSchema.Tables)
            {
                RowCopy.ToSqlite(from, snapshot, to, transaction, table);
            }

            transaction.Commit();
            return true;
        }
        catch (PostgresException deleted) when (deleted.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            File.Delete(copy);
            return false;
        }
    }

    private static long Count(DbConnection connection, DbTransaction? transaction, string table) =>
        connection.ExecuteScalar<long>($"SELECT count(*) FROM {table}", transaction: transaction, commandTimeout: 0);
}
