using System.Data.Common;
using Dapper;
using Npgsql;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>The session of a lock ends alone, as an administrator, a firewall or the server's limit of idle sessions end it: of two relays, one
/// writes.</summary>
public sealed class RelayLockTests : IDisposable
{
    private readonly string _server;
    private readonly PostgresDatabase _first;
    private readonly PostgresDatabase _second;

    public RelayLockTests()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        _server = PostgresServer.Shared.CreateDatabase();
        _first = PostgresDatabase.Create(_server);
        _second = PostgresDatabase.Create(_server);
    }

    public void Dispose()
    {
        _first?.Dispose();
        _second?.Dispose();
    }

    [Fact]
    [Trait("Attack", "kill")]
    public void Write_SessionOfTheLockEndedAndAnotherRelayHasIt_IsRefusedUntilItIsFree()
    {
        using IDisposable? before = _first.AcquireLock();
        _first.CheckWritable();
        EndSessionOfTheLock();
        using (_second.AcquireLock())
        {
            _second.CheckWritable();
            NpgsqlException refused = Assert.Throws<NpgsqlException>(_first.CheckWritable);
            Assert.Contains("Another relay works", refused.Message, StringComparison.Ordinal);
            Assert.True(DatabaseErrors.IsUnavailable(refused));
        }

        _first.CheckWritable();
        Assert.Equal(2, Count("locktype = 'advisory'"));
    }

    /// <summary>What a replica has in memory is of before another one worked, even if that one has ended since.</summary>
    [Fact]
    [Trait("Attack", "kill")]
    public void Write_AnotherReplicaWorkedMeanwhile_IsRefusedForEver()
    {
        using RelayLock before = RelayLock.Take(_server);
        _first.AcquireLock(before);
        before.Secret = ActiveRelay.Announce(_first, new("https://10.0.0.5:60002"), TimeProvider.System).Secret;
        EndSessionOfTheLock();
        _first.CheckWritable();
        Assert.False(before.Lost.IsCompleted);

        EndSessionOfTheLock();
        using (RelayLock other = RelayLock.Take(_server))
        {
            _second.AcquireLock(other);
            ActiveRelay.Announce(_second, new("https://10.0.0.6:60002"), TimeProvider.System);
        }

        Assert.True(DatabaseErrors.IsUnavailable(Assert.Throws<NpgsqlException>(_first.CheckWritable)));
        Assert.True(before.Lost.IsCompleted);
        Assert.Throws<NpgsqlException>(_first.CheckWritable);
        using RelayLock free = RelayLock.Take(_server);
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task AcquireLock_LastTransactionOfTheRelayBefore_IsWaitedFor()
    {
        using IDisposable? before = _first.AcquireLock();
        Task<IDisposable?>? next = null;

        _first.Write((connection, transaction) =>
        {
            EndSessionOfTheLock();
            next = Task.Run(() => _second.AcquireLock());
            SpinWait.SpinUntil(() => next.IsCompleted || Count("locktype = 'advisory' AND NOT granted") == 1);
            Assert.False(next.IsCompleted);
            return connection.Execute("INSERT INTO models (name, spec, created_at, updated_at) VALUES ('a', '{}', 0, 0)", transaction: transaction);
        });

        using IDisposable? after = await next!;
        using DbConnection connection = _second.Open();
        Assert.Equal(1, connection.ExecuteScalar<long>("SELECT count(*) FROM models"));
    }

    [Fact]
    public void Write_AfterTheLockWasReleased_IsRefused()
    {
        _first.AcquireLock()!.Dispose();

        Assert.Throws<ObjectDisposedException>(_first.CheckWritable);
    }

    // The other key of that session is the one that it has alone.
    private void EndSessionOfTheLock()
    {
        using DbConnection connection = PostgresDatabase.Connect(_server);
        connection.Execute(
            """
            SELECT pg_terminate_backend(pid, 10000) FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            GROUP BY pid HAVING count(*) = 2
            """);
    }

    private long Count(string condition)
    {
        using DbConnection connection = PostgresDatabase.Connect(_server);
        return connection.ExecuteScalar<long>(
            $"SELECT count(*) FROM pg_locks WHERE {condition} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
    }
}
