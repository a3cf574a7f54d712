using Dapper;
using Microsoft.Data.Sqlite;

namespace Relay.Server.Storage;

/// <summary>The relay's SQLite database. A commit is durable when it returns.</summary>
internal sealed class RelayDatabase : IDisposable
{
    private readonly string _connectionString;

    public RelayDatabase(DataFolder folder)
    {
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = folder.Database, ForeignKeys = true, DefaultTimeout = 30,
        }.ToString();
        using SqliteConnection connection = Open();
        connection.Execute("PRAGMA journal_mode = WAL");
        SchemaMigrations.Apply(connection);
    }

    public SqliteConnection Open()
    {
        SqliteConnection connection = new(_connectionString);
        connection.Open();
        connection.Execute("PRAGMA synchronous = FULL");
        return connection;
    }

    /// <summary>Runs one write transaction; an exception rolls it back.</summary>
    public T Write<T>(Func<SqliteConnection, SqliteTransaction, T> work)
    {
        using SqliteConnection connection = Open();
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        T result = work(connection, transaction);
        transaction.Commit();
        return result;
    }

    public void Dispose()
    {
        using SqliteConnection connection = new(_connectionString);
        SqliteConnection.ClearPool(connection);
    }
}
