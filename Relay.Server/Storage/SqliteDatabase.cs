using System.Data;
using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using Shared.Platform.Files;

namespace Relay.Server.Storage;

/// <summary>The rows in an SQLite file of the data folder.</summary>
internal sealed class SqliteDatabase : RelayDatabase
{
    /// <summary>The pages that the reports of a second touch: each is on other pages, and is read before it is written.</summary>
    private const int WriterCacheKibibytes = 32 * 1024;

    private readonly string _path;
    private readonly string _connectionString;

    private SqliteDatabase(string path)
    {
        _path = path;
        RestrictAccess(path);
        _connectionString = ConnectionString(path, pooling: true);
        using SqliteConnection connection = OpenSqlite();
        connection.Execute("PRAGMA journal_mode = WAL");
        SchemaMigrations.Apply(connection);
    }

    public override long Bytes => new[] { _path, _path + "-wal" }
        .Select(path => new FileInfo(path))
        .Where(file => file.Exists)
        .Sum(file => file.Length);

    /// <summary>Opens the database of a folder, and creates it where there is none.</summary>
    public static new SqliteDatabase Create(DataFolder folder)
    {
        if (!File.Exists(folder.Database))
        {
            new DurableFiles().Replace(folder.Database, [], DurableFiles.OwnerFile);
        }

        return new(folder.Database);
    }

    public static new DatabaseState? Inspect(DataFolder folder)
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
        catch (SqliteException damaged) when (SqliteErrors.IsDamage(damaged))
        {
            return DatabaseState.Damaged(damaged.Message);
        }
    }

    public static new bool WriteCurrent(DataFolder folder, Action<DbConnection, DbTransaction> work)
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

    public override DbConnection Open() => OpenSqlite();

    public override DbConnection OpenForWrites()
    {
        PreparingConnection connection = new(ConnectionString(_path, pooling: false));
        connection.Open();
        connection.Execute($"PRAGMA synchronous = FULL; PRAGMA cache_size = -{WriterCacheKibibytes}");
        return connection;
    }

    public override void CheckWritable()
    {
        using SqliteConnection connection = OpenSqlite();
        connection.Execute($"PRAGMA user_version = {SchemaMigrations.Latest}");
    }

    /// <summary>The first damage of the database's pages; null when there is none. It reads all of them.</summary>
    public override string? FindDamage()
    {
        try
        {
            using DbConnection connection = Open();
            return FindDamage(connection);
        }
        catch (DbException damaged) when (SqliteErrors.IsDamage(damaged))
        {
            return damaged.Message;
        }
    }

    public override IDisposable? AcquireLock(IDisposable? held = null) => null;

    public override Presence Appear() => throw new NotSupportedException("One process at a time works with an SQLite file.");

    public override bool IsGone(DbConnection connection, DbTransaction transaction, long presence) => true;

    public override int EnsureIdentity()
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

    public override long FindLastNumber(DbConnection connection, DbTransaction? transaction, string table) =>
        connection.ExecuteScalar<long?>("SELECT seq FROM sqlite_sequence WHERE name = @table", new { table }, transaction) ?? 0;

    public override SampleDatabases OpenSamples(DataFolder folder) => new SampleFiles(folder);

    public override void Dispose()
    {
        using SqliteConnection connection = new(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    protected override DbTransaction BeginWrite(DbConnection connection) => connection.BeginTransaction(IsolationLevel.Serializable);

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
