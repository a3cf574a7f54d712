using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Npgsql;

namespace Relay.Server.Storage.Postgres;

/// <summary>The lock by which one relay at a time works with a database. It is of a session, which can end while all other connections work on. So
/// that session has a second lock, by a number of its own, which each write transaction looks for: where it is missing, the relay takes its lock
/// again, and is refused where another one has it now.</summary>
internal sealed class RelayLock : IDisposable
{
    private const long Key = 0x7265_6c61_7902;

    // A server that is gone without a word is noticed when a turn of waiting ends.
    private const string ShortWait = "2s";
    private const string LongWait = "5min";
    private const int LongWaitSeconds = 330;

    // A machine that is gone without a word holds its lock for a quarter of a minute, and not for two hours.
    public const string NoticeLoss = "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 5;";

    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _server;
    private readonly Lock _gate = new();
    private DbConnection _session;
    private long _mark;
    private bool _isReleased;

    private RelayLock(string server, (DbConnection Session, long Mark) held) => (_server, (_session, _mark)) = (server, held);

    /// <summary>Ends when it shows that another relay has taken the lock.</summary>
    public Task Lost => _lost.Task;

    /// <summary>What a replica wrote into the database when it began to work. Where another relay wrote there since, the lock is not taken again even
    /// if it is free: what this relay has in memory is of before. Null for a relay that is alone.</summary>
    public string? Secret { get; set; }

    /// <summary>The number whose lock shows that this relay still has the database.</summary>
    public long Mark => Volatile.Read(ref _mark);

    /// <exception cref="RelayStartException">Another relay works with the database.</exception>
    /// <exception cref="DbException">The server cannot be asked.</exception>
    public static RelayLock Take(string server) => new(server, Acquire(server));

    /// <summary>Waits until no other relay works with the database.</summary>
    /// <exception cref="DbException">The server cannot be asked.</exception>
    public static async Task<RelayLock> WaitAsync(string server, CancellationToken cancellationToken)
    {
        while (true)
        {
            PostgresConnection session = PostgresDatabase.Connect(server);
            try
            {
                session.Execute($"{NoticeLoss} SET lock_timeout = '{LongWait}'");
                await using NpgsqlCommand take = new("SELECT pg_advisory_lock($1)", session.Inner)
                {
                    CommandTimeout = LongWaitSeconds,
                    Parameters = { new NpgsqlParameter { Value = Key } },
                };
                await take.ExecuteNonQueryAsync(cancellationToken);
                return new(server, Complete(session));
            }
            catch (Exception e)
            {
                session.Dispose();
                if (e is not PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable })
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Begins a write transaction of the relay that has the lock. Its caller begins one at a time.</summary>
    /// <exception cref="DbException">The server cannot be asked, or another relay has the lock.</exception>
    public DbTransaction BeginWrite(DbConnection connection)
    {
        ObjectDisposedException.ThrowIf(_isReleased, this);
        if (Secret is not null && _lost.Task.IsCompleted)
        {
            throw CreateReplaced();
        }

        if (PostgresDatabase.TryBeginLocked(connection, Mark) is { } transaction)
        {
            return transaction;
        }

        _session.Dispose();
        TakeAgain();
        return PostgresDatabase.TryBeginLocked(connection, Mark) ?? throw new NpgsqlException(
            $"The lock of the database {PostgresSettings.Describe(_server)} was lost twice: all connections must be of one server.");
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isReleased = true;
            _session.Dispose();
        }
    }

    private void TakeAgain()
    {
        (DbConnection Session, long Mark) taken;
        try
        {
            taken = Acquire(_server);
        }
        catch (RelayStartException other)
        {
            _lost.TrySetResult();
            throw new NpgsqlException(other.Message, other);
        }

        try
        {
            if (Secret is not null && Secret != taken.Session.QuerySingleOrDefault<string>("SELECT secret FROM active_relay"))
            {
                _lost.TrySetResult();
                throw CreateReplaced();
            }

            lock (_gate)
            {
                // It was released meanwhile: a session that no one ends would keep all relays from working.
                ObjectDisposedException.ThrowIf(_isReleased, this);
                (_session, _mark) = taken;
            }
        }
        catch
        {
            taken.Session.Dispose();
            throw;
        }
    }

    private NpgsqlException CreateReplaced() =>
        new($"Another relay has worked with the database {PostgresSettings.Describe(_server)} meanwhile: this one writes nothing more.");

    private static (DbConnection Session, long Mark) Acquire(string server)
    {
        DbConnection session = PostgresDatabase.Connect(server);
        try
        {
            // The server ends the session of a relay that was killed a moment ago when it sees the closed connection.
            session.Execute($"{NoticeLoss} SET lock_timeout = '{ShortWait}'");
            session.Execute("SELECT pg_advisory_lock(@Key)", new { Key });
            return Complete(session);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            session.Dispose();
            throw new RelayStartException(
                $"Another relay works with the database {PostgresSettings.Describe(server)}: stop it, or give this one its own. After the crash of "
                + "its machine, the server keeps the lock until it notices.", taken);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>What follows the lock itself.</summary>
    private static (DbConnection Session, long Mark) Complete(DbConnection session)
    {
        long mark = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        session.Execute("SELECT pg_advisory_lock(@mark)", new { mark });
        session.Execute("RESET lock_timeout");

        // A relay whose session ended may be in a transaction, its last one: what it writes is there when this one begins.
        using (DbTransaction last = PostgresDatabase.BeginLocked(session))
        {
            last.Commit();
        }

        PostgresDatabase.WaitForSamples(session);
        return (session, mark);
    }
}
