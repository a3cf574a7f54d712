using System.Data.Common;
using Dapper;
using Npgsql;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Storage;

public sealed class DatabaseWriterTests : IDisposable
{
    private const string Insert = "INSERT INTO models (name, spec, created_at, updated_at) VALUES (@name, @spec, 0, 0)";
    private readonly TemporaryFolder _folder = new();
    private readonly RelayDatabase _database;
    private readonly DatabaseWriter _writer;

    public DatabaseWriterTests()
    {
        _database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));
        _writer = new DatabaseWriter(_database);
    }

    [Fact]
    public async Task WriteAsync_SameStatementWithOtherValues_WritesThoseOfEachCall()
    {
        for (int i = 0; i < 3; i++)
        {
            await _writer.WriteAsync(
                (connection, transaction) => connection.Execute(Insert, new { name = $"m{i}", spec = new string('x', i) }, transaction));
        }

        Assert.Equal([("m0", ""), ("m1", "x"), ("m2", "xx")], Stored());
    }

    [Fact]
    public async Task WriteAsync_StatementThatLacksAValue_DoesNotGetThatOfTheCallBefore()
    {
        await _writer.WriteAsync((connection, transaction) => connection.Execute(Insert, new { name = "a", spec = "{}" }, transaction));

        await Assert.ThrowsAnyAsync<Exception>(
            () => _writer.WriteAsync((connection, transaction) => connection.Execute(Insert, new { name = "b" }, transaction)));

        Assert.Equal([("a", "{}")], Stored());
    }

    [Fact]
    public async Task WriteAsync_StatementInsideItsOwnRows_RunsBesideItself()
    {
        Assert.SkipWhen(TestDatabases.IsPostgres, TestSql.OfSqlite);
        const string Names = "SELECT name FROM models ORDER BY name";
        await _writer.WriteAsync((connection, transaction) => connection.Execute(
            $"{Insert}; INSERT INTO models (name, spec, created_at, updated_at) VALUES ('b', '{{}}', 0, 0)",
            new { name = "a", spec = "{}" }, transaction));

        string[] pairs = await _writer.WriteAsync((connection, transaction) => connection
            .Query<string>(Names, transaction: transaction, buffered: false)
            .SelectMany(outer => connection.Query<string>(Names, transaction: transaction).Select(inner => outer + inner))
            .ToArray());

        Assert.Equal(["aa", "ab", "ba", "bb"], pairs);
    }

    [Fact]
    public async Task WriteAsync_AfterAStatementThatFailed_WritesTheNext()
    {
        await _writer.WriteAsync((connection, transaction) => connection.Execute(Insert, new { name = "a", spec = "{}" }, transaction));

        await Assert.ThrowsAnyAsync<DbException>(
            () => _writer.WriteAsync((connection, transaction) => connection.Execute(Insert, new { name = "a", spec = "{}" }, transaction)));
        await _writer.WriteAsync((connection, transaction) => connection.Execute(Insert, new { name = "b", spec = "{}" }, transaction));

        Assert.Equal([("a", "{}"), ("b", "{}")], Stored());
    }

    [Fact]
    public async Task WriteAsync_ServerThatDoesNotAnswer_IsAskedOnceMoreForAllThatWait()
    {
        using ManualResetEventSlim isRunning = new();
        using ManualResetEventSlim end = new();
        Task first = _writer.WriteAsync((connection, transaction) =>
        {
            isRunning.Set();
            end.Wait();
            return true;
        });
        isRunning.Wait(TestContext.Current.CancellationToken);
        int asked = 0;
        Task[] others = [.. Enumerable.Range(0, 10).Select(_ => _writer.WriteAsync<bool>((connection, transaction) =>
        {
            asked++;
            throw new NpgsqlException("no answer");
        }))];

        end.Set();
        await first;

        foreach (Task other in others)
        {
            await Assert.ThrowsAsync<NpgsqlException>(() => other);
        }

        Assert.Equal(2, asked);
        await _writer.WriteAsync((connection, transaction) => connection.Execute(Insert, new { name = "a", spec = "{}" }, transaction));
        Assert.Equal([("a", "{}")], Stored());
    }

    [Fact]
    public async Task WriteAsync_EachCommit_IsOnTheDiskBeforeItIsAcknowledged()
    {
        Assert.SkipWhen(TestDatabases.IsPostgres, TestSql.OfSqlite);
        (long synchronous, long foreignKeys) = await _writer.WriteAsync((connection, transaction) => (
            connection.ExecuteScalar<long>("PRAGMA synchronous", transaction: transaction),
            connection.ExecuteScalar<long>("PRAGMA foreign_keys", transaction: transaction)));

        Assert.Equal((2, 1), (synchronous, foreignKeys));
    }

    public void Dispose()
    {
        _writer.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    private (string, string)[] Stored()
    {
        using DbConnection connection = _database.Open();
        return [.. connection.Query<(string, string)>("SELECT name, spec FROM models ORDER BY name")];
    }
}
