using System.Data;
using System.Data.Common;
using Npgsql;

namespace Relay.Server.Storage.Postgres;

/// <summary>A transaction of a <see cref="PostgresConnection"/>.</summary>
internal sealed class PostgresTransaction(PostgresConnection connection, NpgsqlTransaction inner) : DbTransaction
{
    public override IsolationLevel IsolationLevel => inner.IsolationLevel;

    public override bool SupportsSavepoints => true;

    protected override DbConnection? DbConnection => connection;

    /// <exception cref="PostgresException">A statement failed: the transaction is rolled back.</exception>
    /// <exception cref="UncertainCommitException">The connection was lost before the answer.</exception>
    public override void Commit()
    {
        if (connection.Failure is { } failure)
        {
            Rollback();
            throw failure;
        }

        Send();
        try
        {
            inner.Commit();
        }
        catch (NpgsqlException error)
        {
            connection.Note(error);
            if (PostgresErrors.IsUncertain(error))
            {
                throw new UncertainCommitException(error);
            }

            throw;
        }
    }

    public override void Rollback()
    {
        connection.Waiting.Clear();
        inner.Rollback();
    }

    public override void Save(string savepointName)
    {
        Send();
        inner.Save(savepointName);
    }

    public override void Rollback(string savepointName)
    {
        connection.Waiting.Clear();
        inner.Rollback(savepointName);
        connection.Failure = null;
    }

    public override void Release(string savepointName)
    {
        Send();
        inner.Release(savepointName);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Waiting.Clear();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Send()
    {
        try
        {
            connection.Waiting.Send();
        }
        catch (NpgsqlException error)
        {
            connection.Note(error);
            throw;
        }
    }
}
