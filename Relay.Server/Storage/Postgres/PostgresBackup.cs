using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Shared.Platform.Files;

namespace Relay.Server.Storage.Postgres;

/// <summary>The rows of a PostgreSQL database as an SQLite file, which is what backups have: one restores into either engine.</summary>
internal static class PostgresBackup
{
    /// <summary>Copies one state of the database into a new SQLite file.</summary>
    /// <exception cref="RelayStartException">The database is empty, or of another version of the relay.</exception>
    /// <exception cref="DbException">The database cannot be read, or the copy cannot be written.</exception>
    public static void Write(string server, string copy)
    {
        using (FileOpening.CreatePrivate(copy))
        {
        }

        using SqliteConnection to = Open(copy);
        to.Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
        CopyRows(server, to);

        // The server ends a transaction that asks nothing for a minute, which this may take.
        if (to.Query("PRAGMA foreign_key_check", commandTimeout: 0).Any())
        {
            throw new InvalidDataException("The rows of the PostgreSQL database refer to rows that it lacks: it is damaged.");
        }
    }

    /// <summary>Makes a database ready for a restore: it removes the rows of one that did not end.</summary>
    /// <param name="unfinished">The names of restores that did not end.</param>
    /// <exception cref="IOException">It has the tables of a relay: nothing is removed.</exception>
    public static void Prepare(string server, IReadOnlyList<string> unfinished)
    {
        using PostgresConnection connection = PostgresDatabase.Connect(server);
        DropSamples(connection, unfinished);
        using DbTransaction transaction = PostgresDatabase.BeginLocked(connection);
        if (PostgresMigrations.FindSchema(connection, transaction) is not null)
        {
            string? name = connection.QuerySingle<string?>("SELECT restored_by FROM relay_database", transaction: transaction);
            if (name is null || !unfinished.Contains(name))
            {
                throw CreateNotEmpty(server);
            }

            connection.Execute(DropAll, transaction: transaction, commandTimeout: 0);
            transaction.Commit();
        }

        RequireNoSamples(connection, server);
    }

    /// <summary>Copies samples and rows of SQLite files into an empty database: the rows last, all or none, so that a relay begins with all of them
    /// or not at all.</summary>
    /// <param name="file">May be of an earlier schema: it is brought to the latest.</param>
    /// <param name="samples">A folder, which may be missing.</param>
    /// <param name="name">Of this restore.</param>
    /// <exception cref="IOException">It has the tables of a relay.</exception>
    /// <exception cref="InvalidDataException">The samples are damaged.</exception>
    public static void Load(string server, string file, string samples, string name)
    {
        LoadSamples(server, samples, name);
        using SqliteConnection from = Open(file);
        SchemaMigrations.Apply(from);
        using PostgresConnection to = PostgresDatabase.Connect(server);
        using DbTransaction transaction = PostgresDatabase.BeginLocked(to);
        if (PostgresMigrations.FindSchema(to, transaction) is not null)
        {
            throw CreateNotEmpty(server);
        }

        PostgresMigrations.Apply(to, transaction);
        RowCopy.ToPostgres(from, to, transaction);
        to.Execute(
            "UPDATE relay_database SET identity = @identity, restored_by = @name",
            new { identity = from.ExecuteScalar<long>("PRAGMA application_id"), name }, transaction);
        to.Execute("ANALYZE", transaction: transaction, commandTimeout: 0, commandType: CommandType.Text);
        transaction.Commit();
    }

    private const string DropAll = """
        DO $$
        DECLARE
            item RECORD;
        BEGIN
            FOR item IN SELECT oid::regclass AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' LOOP
                EXECUTE format('DROP TABLE %s CASCADE', item.name);
            END LOOP;
            FOR item IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
                AND proowner = current_user::regrole AND prokind = 'f' AND NOT EXISTS (
                    SELECT 1 FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e') LOOP
                EXECUTE format('DROP FUNCTION %s CASCADE', item.name);
            END LOOP;
        END
        $$
        """;

    // A transaction for each: the server has room for the locks of so many tables alone.
    private static void LoadSamples(string server, string samples, string restore)
    {
        using PostgresConnection to = PostgresDatabase.Connect(server);
        foreach (string file in Directory.Exists(samples) ? Directory.EnumerateFiles(samples) : [])
        {
            // A name that no relay gives is of no dataset.
            if (PostgresSampleTables.TryFindSchema(Path.GetFileName(file)) is { } schema)
            {
                using DbTransaction transaction = PostgresDatabase.BeginLocked(to);
                PostgresSampleCopy.Load(to, transaction, file, schema, restore);
                transaction.Commit();
            }
        }
    }

    private static void DropSamples(PostgresConnection connection, IReadOnlyList<string> unfinished)
    {
        foreach (string name in PostgresSampleTables.FindNames(connection, unfinished))
        {
            connection.Execute($"DROP SCHEMA {PostgresSampleTables.SchemaOf(name)} CASCADE", commandTimeout: 0);
        }
    }

    private static void RequireNoSamples(PostgresConnection connection, string server)
    {
        if (PostgresSampleTables.FindNames(connection).Count > 0)
        {
            throw CreateNotEmpty(server);
        }
    }

    private static void CopyRows(string server, SqliteConnection to)
    {
        using PostgresConnection from = PostgresDatabase.Connect(server);
        using DbTransaction snapshot = from.BeginSnapshot();
        RequireLatest(PostgresMigrations.FindSchema(from, snapshot));
        long identity = from.QuerySingle<long>("SELECT identity FROM relay_database", transaction: snapshot);
        SchemaMigrations.Apply(to);
        to.Execute($"PRAGMA application_id = {identity}");
        RowCopy.ToSqlite(from, snapshot, to);
    }

    private static IOException CreateNotEmpty(string server) => new(
        $"The database {PostgresSettings.Describe(server)} has the tables of a relay: restore into an empty one, and start the relay with it.");

    private static void RequireLatest(long? schema)
    {
        if (schema != SchemaMigrations.Latest)
        {
            throw new RelayStartException(schema is null
                ? "The PostgreSQL database is empty."
                : $"The PostgreSQL database has schema {schema}, this relay knows {SchemaMigrations.Latest}: start this version of the relay once.");
        }
    }

    private static SqliteConnection Open(string path)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ToString());
        connection.Open();
        return connection;
    }
}
