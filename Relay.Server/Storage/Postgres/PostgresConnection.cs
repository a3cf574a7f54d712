using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Relay.Server.Storage.Postgres;

/// <summary>A connection to PostgreSQL. It notes the errors of a transaction, since PostgreSQL answers the commit of a failed one without an error,
/// and it leaves no broken connections to the next request.</summary>
internal sealed class PostgresConnection(NpgsqlConnection inner) : DbConnection
{
    /// <summary>The first error of the open transaction that no savepoint took back; null when there is none.</summary>
    public NpgsqlException? Failure { get; set; }

    public NpgsqlConnection Inner => inner;

    /// <summary>What goes to the server with the next statement.</summary>
    public StatementQueue Waiting { get; } = new(inner);

    /// <summary>True while a statement is to wait for the next one.</summary>
    public bool IsDeferring { get; set; }

    [AllowNull]
    public override string ConnectionString
    {
        get => inner.ConnectionString;
        set => inner.ConnectionString = value;
    }

    public override string Database => inner.Database;

    public override string DataSource => inner.DataSource;

    public override string ServerVersion => inner.ServerVersion;

    public override ConnectionState State => inner.State;

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException("A relay has one database.");

    public override void Open() => inner.Open();

    public override void Close() => inner.Close();

    /// <summary>A transaction that reads one state and writes nothing.</summary>
    public DbTransaction BeginSnapshot()
    {
        DbTransaction transaction = BeginTransaction(IsolationLevel.RepeatableRead);
        using NpgsqlCommand command = new("SET TRANSACTION READ ONLY", inner);
        command.ExecuteNonQuery();
        return transaction;
    }

    /// <summary>Runs what asks the server, and notes its error.</summary>
    public T Run<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (NpgsqlException error)
        {
            Failure ??= error;
            if (PostgresErrors.IsUnreachable(error))
            {
                // After a restart of the server all idle connections are dead: they would fail one request each.
                NpgsqlConnection.ClearPool(inner);
            }

            throw;
        }
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
    {
        Failure = null;
        Waiting.Clear();
        return new PostgresTransaction(this, inner.BeginTransaction(isolationLevel));
    }

    protected override DbCommand CreateDbCommand() => new PostgresCommand(this);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
