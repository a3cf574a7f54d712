using System.Data.Common;
using Dapper;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Storage;

public sealed class RelayDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RelayDatabase _database;

    public RelayDatabaseTests() => _database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));

    [Fact]
    public void Open_FreshFolder_HasLatestSchemaAndIsDurable()
    {
        Assert.SkipWhen(TestDatabases.IsPostgres, TestSql.OfSqlite);
        using DbConnection connection = _database.Open();

        Assert.Equal(SchemaMigrations.Latest, connection.ExecuteScalar<long>("PRAGMA user_version"));
        Assert.Equal("wal", connection.ExecuteScalar<string>("PRAGMA journal_mode"));
        Assert.Equal(2, connection.ExecuteScalar<long>("PRAGMA synchronous"));
        Assert.Equal(1, connection.ExecuteScalar<long>("PRAGMA foreign_keys"));
    }

    [Fact]
    public void Write_WorkThrows_IsRolledBack()
    {
        Assert.Throws<InvalidOperationException>(() => _database.Write<int>((connection, transaction) =>
        {
            connection.Execute("INSERT INTO models (name, spec, created_at, updated_at) VALUES ('m', '{}', 0, 0)", transaction: transaction);
            throw new InvalidOperationException();
        }));

        using DbConnection connection = _database.Open();
        Assert.Equal(0, connection.ExecuteScalar<long>("SELECT count(*) FROM models"));
    }

    [Fact]
    public void Write_FromManyThreads_AllAreStored()
    {
        Parallel.For(0, 50, i => _database.Write((connection, transaction) =>
            connection.Execute(
                "INSERT INTO models (name, spec, created_at, updated_at) VALUES (@Name, '{}', 0, 0)", new { Name = $"m{i}" }, transaction)));

        using DbConnection connection = _database.Open();
        Assert.Equal(50, connection.ExecuteScalar<long>("SELECT count(*) FROM models"));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
