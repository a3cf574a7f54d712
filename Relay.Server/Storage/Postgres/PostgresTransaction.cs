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

    /// <exception cref="NpgsqlException">A statement failed: nothing is stored.</exception>
    /// <exception cref="UncertainCommitException">The connection was lost before the answer.</exception>
    public override void Commit()
    {
        if (connection.Failure is { } failure)
        {
            throw failure;
        }

        Send();
        try
        {
            connection.Run(() =>
            {
                inner.Commit();
                return true;
            });
        }
        catch (NpgsqlException error) when (PostgresErrors.IsUncertain(error))
        {
            throw new UncertainCommitException(error);
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

    private void Send() => connection.Run(connection.Waiting.Send);
}
