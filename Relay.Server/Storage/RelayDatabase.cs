using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Relay.Server.Storage;

/// <summary>The relay's SQLite database. A commit is durable when it returns. Only this folder names SQLite: stores use the types of
/// <see cref="System.Data.Common"/>.</summary>
internal sealed class RelayDatabase : IDisposable
{
    private readonly string _connectionString;

    public RelayDatabase(DataFolder folder)
    {
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = folder.Database,
            ForeignKeys = true,
            DefaultTimeout = 30,
        }.ToString();
        using SqliteConnection connection = OpenSqlite();
        connection.Execute("PRAGMA journal_mode = WAL");
        SchemaMigrations.Apply(connection);
    }

    public DbConnection Open() => OpenSqlite();

    /// <summary>Runs one write transaction; an exception rolls it back.</summary>
    public T Write<T>(Func<DbConnection, DbTransaction, T> work)
    {
        using SqliteConnection connection = OpenSqlite();
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        T result = work(connection, transaction);
        transaction.Commit();
        return result;
    }

    /// <exception cref="DbException">The database cannot be read.</exception>
    public void CheckReadable()
    {
        using DbConnection connection = Open();
        connection.ExecuteScalar<long>("SELECT count(*) FROM models");
    }

    public void Dispose()
    {
        using SqliteConnection connection = new(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private SqliteConnection OpenSqlite()
    {
        SqliteConnection connection = new(_connectionString);
        connection.Open();
        connection.Execute("PRAGMA synchronous = FULL");
        return connection;
    }
}
