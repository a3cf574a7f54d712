using System.Data.Common;
using Dapper;
using Npgsql;

namespace Relay.Server.Storage.Postgres;

/// <summary>The lock by which one relay at a time works with a database. It is of a session: where that is lost, as in a restart of the server, the
/// next write takes it again, and is refused where another relay has it now.</summary>
internal sealed class RelayLock : IDisposable
{
    private const long Key = 0x7265_6c61_7902;
    private readonly Lock _gate = new();
    private readonly string _server;
    private DbConnection _session;
    private volatile bool _isInDoubt;

    private RelayLock(string server) => (_server, _session) = (server, Acquire(server));

    /// <exception cref="RelayStartException">Another relay works with the database.</exception>
    /// <exception cref="DbException">The server cannot be asked.</exception>
    public static RelayLock Take(string server) => new(server);

    /// <summary>Called after an error of any connection to the server.</summary>
    public void Doubt() => _isInDoubt = true;

    /// <summary>Takes the lock again where it may be lost.</summary>
    /// <exception cref="DbException">The server cannot be asked, or another relay has the lock.</exception>
    public void Require()
    {
        if (!_isInDoubt)
        {
            return;
        }

        lock (_gate)
        {
            if (_isInDoubt && !IsHeld())
            {
                _session.Dispose();
                try
                {
                    _session = Acquire(_server);
                }
                catch (RelayStartException taken)
                {
                    throw new LostDatabaseException(taken);
                }
            }

            _isInDoubt = false;
        }
    }

    public void Dispose() => _session.Dispose();

    private bool IsHeld()
    {
        try
        {
            return _session.ExecuteScalar<int>("SELECT 1") == 1;
        }
        catch (Exception lost) when (lost is DbException or InvalidOperationException)
        {
            return false;
        }
    }

    private static DbConnection Acquire(string server)
    {
        DbConnection session = PostgresDatabase.Connect(server);
        try
        {
            // The server ends the session of a relay that was killed a moment ago when it sees the closed connection.
            session.Execute("SET lock_timeout = '2s'");
            session.Execute("SELECT pg_advisory_lock(@Key)", new { Key });
            return session;
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

    /// <summary>Another relay took the database over while this one had no connection to it.</summary>
    private sealed class LostDatabaseException(Exception inner) : DbException(inner.Message, inner);
}
