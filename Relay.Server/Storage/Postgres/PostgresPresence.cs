using System.Data.Common;
using System.Security.Cryptography;
using Dapper;

namespace Relay.Server.Storage.Postgres;

/// <summary>A process as the others of one database see it: a session that has the lock of a number. The server ends the session of a process that
/// was killed when it sees the closed connection.</summary>
internal sealed class PostgresPresence : Presence
{
    private readonly DbConnection _session;

    private PostgresPresence(DbConnection session) => _session = session;

    public override bool IsSeen
    {
        get
        {
            try
            {
                return _session.ExecuteScalar<long>("SELECT schema FROM relay_database") == SchemaMigrations.Latest;
            }
            catch (DbException)
            {
                return false;
            }
        }
    }

    /// <exception cref="RelayStartException">A newer relay has changed the database since this process started.</exception>
    public static PostgresPresence Appear(string server)
    {
        DbConnection session = PostgresDatabase.Connect(server);
        try
        {
            if (PostgresMigrations.FindSchema(session, null) != SchemaMigrations.Latest)
            {
                throw new RelayStartException("A newer relay works with the database now: start this process from its version.");
            }

            long id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
            session.Execute(RelayLock.NoticeLoss);
            session.Execute("SELECT pg_advisory_lock(@id)", new { id });
            return new(session) { Id = id };
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    // A lock that can be taken is held by no session.
    public static bool IsGone(DbConnection connection, DbTransaction transaction, long presence) =>
        connection.ExecuteScalar<bool>("SELECT pg_try_advisory_xact_lock(@presence)", new { presence }, transaction);

    public override void Dispose() => _session.Dispose();
}
