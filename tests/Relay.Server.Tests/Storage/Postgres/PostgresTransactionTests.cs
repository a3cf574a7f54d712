using System.Data.Common;
using Dapper;
using Npgsql;
using Relay.Server.Audit;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Audit;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>What stores rely on holds on PostgreSQL as it does on SQLite: one writer at a time, and nothing counts as stored that is not.</summary>
public sealed class PostgresTransactionTests : IDisposable
{
    private const string Insert = "INSERT INTO models (name, spec, created_at, updated_at) VALUES (@name, '{}', 0, 0)";
    private readonly string _server;
    private readonly PostgresDatabase _database;

    public PostgresTransactionTests()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        _server = PostgresServer.Shared.CreateDatabase();
        _database = PostgresDatabase.Create(_server);
    }

    public void Dispose() => _database?.Dispose();

    [Fact]
    [Trait("Attack", "kill")]
    public void Write_AfterAnErrorThatItsWorkHides_IsRolledBackAndSaysSo()
    {
        Assert.Throws<PostgresException>(() => _database.Write((connection, transaction) =>
        {
            connection.Execute(Insert, new { name = "a" }, transaction);
            Assert.Throws<PostgresException>(() => connection.Execute("SELECT 1 / 0", transaction: transaction));
            return true;
        }));

        Assert.Empty(Names());
    }

    [Fact]
    [Trait("Attack", "kill")]
    public void Write_AfterAnErrorOfStatementsThatWaited_IsRolledBackThoughItsWorkHidesIt()
    {
        Assert.Throws<PostgresException>(() => _database.Write((connection, transaction) =>
        {
            connection.Execute(Insert, new { name = "a" }, transaction);
            PostgresException? hidden = null;
            while (hidden is null)
            {
                hidden = Record.Exception(() => connection.Defer(Insert, new { name = "a" }, transaction)) as PostgresException;
            }

            return true;
        }));

        Assert.Empty(Names());
    }

    [Fact]
    [Trait("Attack", "kill")]
    public void Write_AfterALostConnectionThatItsWorkHides_SaysThatNothingIsStored()
    {
        NpgsqlException lost = Assert.ThrowsAny<NpgsqlException>(() => _database.Write((connection, transaction) =>
        {
            connection.Execute(Insert, new { name = "a" }, transaction);
            Assert.ThrowsAny<NpgsqlException>(() => connection.Execute("SELECT pg_terminate_backend(pg_backend_pid())", transaction: transaction));
            return true;
        }));

        Assert.True(DatabaseErrors.IsUnavailable(lost));
        Assert.Empty(Names());
    }

    [Fact]
    public void Write_ErrorAfterASavepoint_TakesBackOnlyWhatFollowed()
    {
        _database.Write((connection, transaction) =>
        {
            connection.Execute(Insert, new { name = "a" }, transaction);
            transaction.Save("here");
            PostgresException error = Assert.Throws<PostgresException>(() => connection.Execute(Insert, new { name = "a" }, transaction));
            Assert.False(DatabaseErrors.EndsSavepoint(error));
            Assert.True(DatabaseErrors.EndsTransaction(error));
            transaction.Rollback("here");
            return connection.Execute(Insert, new { name = "b" }, transaction);
        });

        Assert.Equal(["a", "b"], Names());
    }

    [Fact]
    public async Task Write_OfSeveralProcesses_OneAtATime()
    {
        using PostgresDatabase other = PostgresDatabase.Create(_server);
        AuditRecord entry = new(AuditEntry.Event, AuditRecord.Relay, "test", "test");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            for (int n = 0; n < 10; n++)
            {
                (i % 2 == 0 ? _database : other).Write((connection, transaction) =>
                    AuditTable.Append(connection, transaction, entry, TimeProvider.System.GetUtcNow()));
            }
        })));

        using DbConnection connection = _database.Open();
        AuditVerification verification = new([]);
        string[] lines = [.. connection.Query<string>("SELECT line FROM audit_log ORDER BY sequence")];
        Assert.Equal(80, lines.Length);
        Assert.All(lines, line => Assert.Null(verification.Add(line)));
    }

    [Fact]
    public void BeginRead_BesideWrites_SeesOneStateAndWritesNothing()
    {
        using DbConnection connection = _database.Open();
        using DbTransaction snapshot = RelayDatabase.BeginRead(connection);
        Assert.Equal(0, connection.ExecuteScalar<long>("SELECT count(*) FROM models", transaction: snapshot));

        _database.Write((writer, transaction) => writer.Execute(Insert, new { name = "a" }, transaction));

        Assert.Equal(0, connection.ExecuteScalar<long>("SELECT count(*) FROM models", transaction: snapshot));
        Assert.Throws<PostgresException>(() => connection.Execute(Insert, new { name = "b" }, snapshot));
    }

    [Fact]
    public void Open_EverySession_IsDurableAndEndsWaiting()
    {
        using DbConnection connection = _database.Open();
        using DbConnection writer = _database.OpenForWrites();

        Assert.All([connection, writer], session =>
        {
            Assert.Equal("on", session.ExecuteScalar<string>("SHOW synchronous_commit"));
            Assert.Equal("30s", session.ExecuteScalar<string>("SHOW lock_timeout"));
            using DbCommand command = session.CreateCommand();
            Assert.Equal(60, command.CommandTimeout);
            Assert.Equal("1min", session.ExecuteScalar<string>("SHOW idle_in_transaction_session_timeout"));
        });
    }

    [Fact]
    public void Query_NamesOfAnyLetters_AreSortedByCodePoints()
    {
        string[] names = ["a", "B", "ä", "Z", "a-b", "aa"];
        _database.Write((connection, transaction) => connection.Execute(Insert, names.Select(name => new { name }), transaction));

        Assert.Equal(names.Order(StringComparer.Ordinal), Names());
    }

    [Fact]
    public void Append_OnTheAuditLog_CannotBeTakenBack()
    {
        Assert.All(
            (string[])["UPDATE audit_log SET line = ''", "DELETE FROM audit_log", "TRUNCATE audit_log"],
            change => Assert.Throws<PostgresException>(() => _database.Write((connection, transaction) =>
            {
                AuditTable.Append(
                    connection, transaction, new AuditRecord(AuditEntry.Event, AuditRecord.Relay, "test", "test"), TimeProvider.System.GetUtcNow());
                return connection.Execute(change, transaction: transaction);
            })));
    }

    [Fact]
    public void JsonFunctions_TextWithTheEscapeOfZero_AreThoseOfSqlite()
    {
        using DbConnection connection = _database.Open();
        const string Document = """{"a":{"b":"c\u0000d"},"list":[{"n":1},{"n":2}],"none":null}""";

        Assert.Equal("c\ufffdd", connection.ExecuteScalar<string>("SELECT json_extract(@Document, '$.a.b')", new { Document }));
        Assert.Null(connection.ExecuteScalar<string>("SELECT json_extract(@Document, '$.x.y')", new { Document }));
        Assert.Equal(
            ["1", "2"],
            connection.Query<string>("SELECT json_extract(one.value, '$.n') FROM json_each(@Document, '$.list') AS one", new { Document }));
        Assert.Empty(connection.Query<string>("SELECT value FROM json_each(@Document, '$.none')", new { Document }));
        Assert.Equal(3, connection.ExecuteScalar<long>("SELECT instr('abcd', 'cd')"));
    }

    private string[] Names()
    {
        using DbConnection connection = _database.Open();
        return [.. connection.Query<string>("SELECT name FROM models ORDER BY name")];
    }
}
