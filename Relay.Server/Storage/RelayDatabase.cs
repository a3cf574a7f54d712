using System.Data;
using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using Shared.Platform.Files;

namespace Relay.Server.Storage;

/// <summary>The relay's SQLite database. A commit is durable when it returns. Only this folder names SQLite: stores use the types of
/// <see cref="System.Data.Common"/>.</summary>
internal sealed class RelayDatabase : IDisposable
{
    private const int CorruptCode = 11;
    private const int NotADatabaseCode = 26;

    // Busy, locked, out of memory, interrupted, input or output, full.
    private static readonly int[] CodesThatEndTransactions = [5, 6, 7, 9, 10, 13];

    /// <summary>The pages that the reports of a second touch: each is on other pages, and is read before it is written.</summary>
    private const int WriterCacheKibibytes = 32 * 1024;

    private readonly WriteTurns _turns = new();
    private readonly string _path;
    private readonly string _connectionString;

    private RelayDatabase(string path)
    {
        _path = path;
        RestrictAccess(path);
        _connectionString = ConnectionString(path, pooling: true);
        using SqliteConnection connection = OpenSqlite();
        connection.Execute("PRAGMA journal_mode = WAL");
        SchemaMigrations.Apply(connection);
    }

    /// <summary>Opens the database of a folder, and creates it where there is none.</summary>
    public static RelayDatabase Create(DataFolder folder)
    {
        if (!File.Exists(folder.Database))
        {
            new DurableFiles().Replace(folder.Database, [], DurableFiles.OwnerFile);
        }

        return new(folder.Database);
    }

    /// <summary>Opens the database of a folder. One that is not there, or is empty, is not created.</summary>
    /// <exception cref="RelayStartException">There is no database, or it is empty.</exception>
    /// <exception cref="DbException">The database cannot be used.</exception>
    public static RelayDatabase Open(DataFolder folder) => Inspect(folder) is not null
        ? new(folder.Database)
        : throw new RelayStartException($"The database '{folder.Database}' is missing or empty: restore it from a backup.");

    /// <summary>The contents of the database before it is opened to work with; null when it is missing or has no tables.</summary>
    /// <exception cref="DbException">The database cannot be used, for another reason than damage.</exception>
    public static DatabaseState? Inspect(DataFolder folder)
    {
        if (!File.Exists(folder.Database) || new FileInfo(folder.Database).Length == 0)
        {
            return null;
        }

        try
        {
            using SqliteConnection connection = new(ConnectionString(folder.Database, pooling: false));
            connection.Open();
            return FindDamage(connection) is { } damage ? DatabaseState.Damaged(damage) : ReadState(connection);
        }
        catch (SqliteException damaged) when (IsDamage(damaged))
        {
            return DatabaseState.Damaged(damaged.Message);
        }
    }

    /// <summary>True when the error means that the content of the database is damaged.</summary>
    public static bool IsDamage(Exception error) => error is SqliteException { SqliteErrorCode: CorruptCode or NotADatabaseCode };

    /// <summary>True when the error has this result code of SQLite.</summary>
    public static bool IsCode(Exception error, int code) => error is SqliteException sqlite && sqlite.SqliteErrorCode == code;

    /// <summary>True when the error may have rolled the transaction back: nothing that was written in it may count as stored.</summary>
    public static bool EndsTransaction(Exception error) =>
        error is SqliteException sqlite && CodesThatEndTransactions.Contains(sqlite.SqliteErrorCode);

    public DbConnection Open() => OpenSqlite();

    /// <summary>A transaction in which all reads see the same state. It takes no lock: the default transaction of SQLite's driver waits for each
    /// write, and holds up all that follow.</summary>
    public static DbTransaction BeginRead(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: true);

    /// <summary>A connection for many writes, which its caller keeps open.</summary>
    public DbConnection OpenForWrites()
    {
        PreparingConnection connection = new(ConnectionString(_path, pooling: false));
        connection.Open();
        connection.Execute($"PRAGMA synchronous = FULL; PRAGMA cache_size = -{WriterCacheKibibytes}");
        return connection;
    }

    /// <summary>Runs one write transaction; an exception rolls it back.</summary>
    public T Write<T>(Func<DbConnection, DbTransaction, T> work)
    {
        using WriteTurns.Turn turn = _turns.Take();
        using SqliteConnection connection = OpenSqlite();
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        T result = work(connection, transaction);
        transaction.Commit();
        return result;
    }

    /// <summary>The same, on a connection of <see cref="OpenForWrites"/>.</summary>
    public T Write<T>(DbConnection connection, Func<DbConnection, DbTransaction, T> work)
    {
        using WriteTurns.Turn turn = _turns.Take();
        using DbTransaction transaction = connection.BeginTransaction(IsolationLevel.Serializable);
        T result = work(connection, transaction);
        transaction.Commit();
        return result;
    }

    /// <summary>Runs one write transaction on the database of a folder, which a relay may have open.</summary>
    /// <returns>False when the database is of another version of the relay: nothing is done.</returns>
    public static bool WriteCurrent(DataFolder folder, Action<DbConnection, DbTransaction> work)
    {
        using SqliteConnection connection = new(ConnectionString(folder.Database, pooling: false));
        connection.Open();
        connection.Execute("PRAGMA synchronous = FULL");
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        if (connection.ExecuteScalar<long>("PRAGMA user_version", transaction: transaction) != SchemaMigrations.Latest)
        {
            return false;
        }

        work(connection, transaction);
        transaction.Commit();
        return true;
    }

    /// <exception cref="DbException">The database cannot be read.</exception>
    public void CheckReadable()
    {
        using DbConnection connection = Open();
        connection.ExecuteScalar<long>("SELECT count(*) FROM models");
    }

    /// <summary>Writes one page, which holds what it held before.</summary>
    /// <exception cref="DbException">The database cannot be written.</exception>
    public void CheckWritable()
    {
        using SqliteConnection connection = OpenSqlite();
        connection.Execute($"PRAGMA user_version = {SchemaMigrations.Latest}");
    }

    /// <summary>The first damage of the database's pages; null when there is none. It reads all of them.</summary>
    public string? FindDamage()
    {
        try
        {
            using DbConnection connection = Open();
            return FindDamage(connection);
        }
        catch (DbException damaged) when (IsDamage(damaged))
        {
            return damaged.Message;
        }
    }

    /// <summary>The number by which the manifest knows this database again; the first call creates it.</summary>
    public int EnsureIdentity()
    {
        using SqliteConnection connection = OpenSqlite();
        int identity = connection.ExecuteScalar<int>("PRAGMA application_id");
        if (identity == 0)
        {
            identity = RandomNumberGenerator.GetInt32(1, int.MaxValue);
            connection.Execute($"PRAGMA application_id = {identity}");
        }

        return identity;
    }

    /// <summary>The highest number of a training run that was ever given; 0 before the first.</summary>
    public long LastTrainingRun()
    {
        using SqliteConnection connection = OpenSqlite();
        return ReadState(connection)?.TrainingRuns ?? 0;
    }

    public void Dispose()
    {
        using SqliteConnection connection = new(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    // Never a mode that creates: a database that was deleted under a running relay must not come back empty.
    private static string ConnectionString(string path, bool pooling) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWrite,
        ForeignKeys = true,
        DefaultTimeout = 30,
        Pooling = pooling,
    }.ToString();

    private static string? FindDamage(DbConnection connection) =>
        connection.ExecuteScalar<string>("PRAGMA quick_check(1)") is { } verdict && verdict != "ok" ? verdict.ReplaceLineEndings(" ") : null;

    private static DatabaseState? ReadState(SqliteConnection connection) =>
        connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master WHERE name = 'api_keys'") == 0
            ? null
            : new(
                connection.ExecuteScalar<int>("PRAGMA application_id"),
                connection.ExecuteScalar<long>("SELECT count(*) FROM api_keys") > 0,
                connection.ExecuteScalar<long?>("SELECT seq FROM sqlite_sequence WHERE name = 'training_runs'") ?? 0,
                null);

    // The folder may have been there before, open to all; SQLite gives its other files the mode of the first.
    private static void RestrictAccess(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (string file in new[] { path, path + "-wal", path + "-shm" }.Where(File.Exists))
        {
            try
            {
                if (File.GetUnixFileMode(file) != DurableFiles.OwnerFile)
                {
                    File.SetUnixFileMode(file, DurableFiles.OwnerFile);
                }
            }
            catch (UnauthorizedAccessException e)
            {
                throw new RelayStartException(
                    $"Other accounts can read '{file}', and the relay may not change that: give the file to the relay's account, with mode 600.", e);
            }
        }
    }

    private SqliteConnection OpenSqlite()
    {
        SqliteConnection connection = new(_connectionString);
        connection.Open();
        connection.Execute("PRAGMA synchronous = FULL");
        return connection;
    }
}
