using System.Data;
using System.Data.Common;
using Dapper;
using Npgsql;

namespace Relay.Server.Storage.Postgres;

/// <summary>The samples of one dataset in a schema of its own. One process writes to it at a time, beside the writes of the relay's own
/// rows.</summary>
internal sealed class PostgresSamples(PostgresDatabase database, string schema) : SampleDatabase
{
    private volatile bool _isClosed;

    public override long Bytes
    {
        get
        {
            using DbConnection connection = OpenForReads();
            return PostgresSampleTables.FindBytes(connection, schema);
        }
    }

    public override bool IsInFolder => false;

    public override DbConnection OpenForReads()
    {
        RequireOpen();
        return database.OpenSamples(schema);
    }

    public override DbTransaction BeginRead(DbConnection connection) => BeginSnapshot(connection);

    /// <summary>A transaction that reads one state of a dataset, by a connection whose tables are its.</summary>
    public static DbTransaction BeginSnapshot(DbConnection connection)
    {
        DbTransaction transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        try
        {
            // The lock before the state that is read: tables that are written anew in between would be empty in an older state.
            connection.Execute("SET TRANSACTION READ ONLY; LOCK TABLE state IN ACCESS SHARE MODE", transaction: transaction);
            return transaction;
        }
        catch
        {
            transaction.Dispose();
            throw;
        }
    }

    public override T Write<T>(Func<DbConnection, DbTransaction, T> work)
    {
        RequireOpen();
        using PostgresConnection connection = database.OpenSamples(schema);
        using DbTransaction transaction = database.BeginSamples(connection, schema);
        T result = work(connection, transaction);
        transaction.Commit();
        return result;
    }

    public override void Dispose() => _isClosed = true;

    protected override PurgeOutcome Purge(Func<long, bool> isDue, long now)
    {
        try
        {
            return Write((connection, transaction) =>
            {
                (bool hasRemains, long purgedAt) = connection.QuerySingle<(bool, long)>(
                    "SELECT has_remains, purged_at FROM state", transaction: transaction);
                if (hasRemains && isDue(purgedAt))
                {
                    PostgresSampleTables.Rewrite(connection, transaction, schema, now);
                }

                return !hasRemains || isDue(purgedAt) ? PurgeOutcome.Done : PurgeOutcome.NotDue;
            });
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return PurgeOutcome.BeingRead;
        }
    }

    private void RequireOpen()
    {
        if (_isClosed)
        {
            throw new SampleFileException("The dataset was deleted, or the relay stops.");
        }
    }
}
