using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Storage.Postgres;

namespace Relay.Server.Storage;

/// <summary>The rows of the relay: an SQLite file in the data folder, or a database of a PostgreSQL server. A commit is durable when it returns. Only
/// this folder names the engines: stores use the types of <see cref="System.Data.Common"/>, and one text of SQL for both.</summary>
internal abstract class RelayDatabase : IDisposable
{
    private readonly WriteTurns _turns = new();

    /// <summary>The size of the rows on their disk.</summary>
    public abstract long Bytes { get; }

    /// <summary>Opens the database of a folder, and creates its tables where there are none.</summary>
    /// <exception cref="RelayStartException">The database is of a newer relay, or is not one of a relay.</exception>
    /// <exception cref="DbException">The database cannot be used.</exception>
    public static RelayDatabase Create(DataFolder folder) =>
        folder.Server is { } server ? PostgresDatabase.Create(server) : SqliteDatabase.Create(folder);

    /// <summary>Opens the database of a folder. One that is not there, or is empty, is not created.</summary>
    /// <exception cref="RelayStartException">There is no database, or it is empty.</exception>
    /// <exception cref="DbException">The database cannot be used.</exception>
    public static RelayDatabase Open(DataFolder folder) => Inspect(folder) is not null
        ? Create(folder)
        : throw new RelayStartException($"{DatabaseNames.Find(folder, isFirst: true)} is missing or empty: restore it from a backup.");

    /// <summary>Opens the database that a relay works with, for a process beside it.</summary>
    /// <exception cref="RelayStartException">It is not of this version: nothing is changed.</exception>
    /// <exception cref="DbException">The database cannot be used.</exception>
    public static RelayDatabase Join(DataFolder folder) => WriteCurrent(folder, (_, _) => { })
        ? Create(folder)
        : throw new RelayStartException(
            $"The relay that works with {DatabaseNames.Find(folder)} is of another version than this process: start both from one version.");

    /// <summary>The contents of the database before it is opened to work with; null when it is missing or has no tables.</summary>
    /// <exception cref="RelayStartException">The database is not one of a relay.</exception>
    /// <exception cref="DbException">The database cannot be used, for another reason than damage.</exception>
    public static DatabaseState? Inspect(DataFolder folder) =>
        folder.Server is { } server ? PostgresDatabase.Inspect(server) : SqliteDatabase.Inspect(folder);

    /// <summary>The size of the rows of a folder; 0 where there are none.</summary>
    /// <exception cref="DbException">The server cannot be asked.</exception>
    public static long FindBytes(DataFolder folder) =>
        folder.Server is { } server ? PostgresDatabase.FindBytes(server) : new FileInfo(folder.Database) is { Exists: true } file ? file.Length : 0;

    /// <summary>A transaction in which all reads see the same state. It takes no lock: the default transaction of SQLite's driver waits for each
    /// write, and holds up all that follow.</summary>
    public static DbTransaction BeginRead(DbConnection connection) => connection is SqliteConnection sqlite
        ? sqlite.BeginTransaction(deferred: true)
        : ((PostgresConnection)connection).BeginSnapshot();

    /// <summary>Runs one write transaction on the database of a folder, which a relay may have open.</summary>
    /// <returns>False when the database is of another version of the relay: nothing is done.</returns>
    public static bool WriteCurrent(DataFolder folder, Action<DbConnection, DbTransaction> work) => folder.Server is { } server
        ? PostgresDatabase.WriteCurrent(server, work)
        : SqliteDatabase.WriteCurrent(folder, work);

    /// <summary>A connection to read.</summary>
    public abstract DbConnection Open();

    /// <summary>A connection for many writes, which its caller keeps open.</summary>
    public abstract DbConnection OpenForWrites();

    /// <summary>Runs one write transaction; an exception rolls it back. No two of a database run at once, whatever process they are of.</summary>
    /// <exception cref="DbException">Nothing is stored, but for an <see cref="UncertainCommitException"/>.</exception>
    public T Write<T>(Func<DbConnection, DbTransaction, T> work)
    {
        using WriteTurns.Turn turn = _turns.Take();
        using DbConnection connection = Open();
        return Run(connection, work);
    }

    /// <summary>The same, on a connection of <see cref="OpenForWrites"/>.</summary>
    public T Write<T>(DbConnection connection, Func<DbConnection, DbTransaction, T> work)
    {
        using WriteTurns.Turn turn = _turns.Take();
        return Run(connection, work);
    }

    /// <exception cref="DbException">The database cannot be read.</exception>
    public void CheckReadable()
    {
        using DbConnection connection = Open();
        connection.ExecuteScalar<long>("SELECT count(*) FROM models");
    }

    /// <summary>Writes what was there before.</summary>
    /// <exception cref="DbException">The database cannot be written.</exception>
    public abstract void CheckWritable();

    /// <summary>The first damage of the database; null when there is none, or when its server looks for damage itself.</summary>
    public abstract string? FindDamage();

    /// <summary>Keeps other relays off the database; null where the lock of the data folder does.</summary>
    /// <param name="held">The lock where the caller has it already; null: it is taken.</param>
    /// <exception cref="RelayStartException">Another relay works with it.</exception>
    public abstract IDisposable? AcquireLock(IDisposable? held = null);

    /// <summary>Shows other processes that work with the database that this one lives, until the result is disposed.</summary>
    /// <exception cref="DbException">The database cannot be asked.</exception>
    public abstract Presence Appear();

    /// <summary>True when a process does not live any more that showed itself by <see cref="Appear"/>.</summary>
    public abstract bool IsGone(DbConnection connection, DbTransaction transaction, long presence);

    /// <summary>The samples of the datasets of a folder, which are where its rows are.</summary>
    public abstract SampleDatabases OpenSamples(DataFolder folder);

    /// <summary>The number by which the manifest knows this database again; the first call creates it.</summary>
    public abstract int EnsureIdentity();

    /// <summary>The highest number that a table ever gave to a row; 0 before the first.</summary>
    public abstract long FindLastNumber(DbConnection connection, DbTransaction? transaction, string table);

    /// <summary>The highest number of a training run that was ever given; 0 before the first.</summary>
    public long LastTrainingRun()
    {
        using DbConnection connection = Open();
        return FindLastNumber(connection, null, "training_runs");
    }

    public abstract void Dispose();

    /// <summary>Begins a transaction that no other write transaction runs beside.</summary>
    protected abstract DbTransaction BeginWrite(DbConnection connection);

    private T Run<T>(DbConnection connection, Func<DbConnection, DbTransaction, T> work)
    {
        using DbTransaction transaction = BeginWrite(connection);
        T result = work(connection, transaction);
        SharedWork.WriteAll(connection, transaction);
        transaction.Commit();
        return result;
    }
}
