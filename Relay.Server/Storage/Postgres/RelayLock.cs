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
    private readonly string _server;
    private DbConnection _session;
    private long _mark;
    private bool _isReleased;

    private RelayLock(string server) => (_server, (_session, _mark)) = (server, Acquire(server));

    /// <exception cref="RelayStartException">Another relay works with the database.</exception>
    /// <exception cref="DbException">The server cannot be asked.</exception>
    public static RelayLock Take(string server) => new(server);

    /// <summary>Begins a write transaction of the relay that has the lock. Its caller begins one at a time.</summary>
    /// <exception cref="DbException">The server cannot be asked, or another relay has the lock.</exception>
    public DbTransaction BeginWrite(DbConnection connection)
    {
        ObjectDisposedException.ThrowIf(_isReleased, this);
        if (PostgresDatabase.TryBeginLocked(connection, _mark) is { } transaction)
        {
            return transaction;
        }

        _session.Dispose();
        try
        {
            (_session, _mark) = Acquire(_server);
        }
        catch (RelayStartException taken)
        {
            throw new NpgsqlException(taken.Message, taken);
        }

        return PostgresDatabase.TryBeginLocked(connection, _mark) ?? throw new NpgsqlException(
            $"The lock of the database {PostgresSettings.Describe(_server)} was lost twice: all connections must be of one server.");
    }

    public void Dispose()
    {
        _isReleased = true;
        _session.Dispose();
    }

    private static (DbConnection Session, long Mark) Acquire(string server)
    {
        DbConnection session = PostgresDatabase.Connect(server);
        try
        {
            long mark = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

            // The server ends the session of a relay that was killed a moment ago when it sees the closed connection.
            session.Execute("SET lock_timeout = '2s'");
            session.Execute("SELECT pg_advisory_lock(@Key)", new { Key });
            session.Execute("SELECT pg_advisory_lock(@mark)", new { mark });
            session.Execute("RESET lock_timeout");

            // A relay whose session ended may be in a transaction, its last one: what it writes is there when this one begins.
            using (DbTransaction last = PostgresDatabase.BeginLocked(session))
            {
                last.Commit();
            }

            return (session, mark);
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
}
