using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Relay.Server.Storage.Postgres;

/// <summary>A command of a <see cref="PostgresConnection"/>.</summary>
internal sealed class PostgresCommand(PostgresConnection connection) : DbCommand
{
    private readonly NpgsqlCommand _inner = new() { Connection = connection.Inner };
    private DbTransaction? _transaction;

    [AllowNull]
    public override string CommandText
    {
        get => _inner.CommandText;
        set => _inner.CommandText = value;
    }

    public override int CommandTimeout
    {
        get => _inner.CommandTimeout;
        set => _inner.CommandTimeout = value;
    }

    public override CommandType CommandType
    {
        get => _inner.CommandType;
        set => _inner.CommandType = value;
    }

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection
    {
        get => connection;
        set => throw new NotSupportedException("The command belongs to the connection that made it.");
    }

    protected override DbParameterCollection DbParameterCollection => _inner.Parameters;

    // A connection has one transaction, which all its commands are part of.
    protected override DbTransaction? DbTransaction
    {
        get => _transaction;
        set => _transaction = value;
    }

    public override void Cancel() => _inner.Cancel();

    // The server's driver prepares what runs again and again.
    public override void Prepare()
    {
    }

    public override int ExecuteNonQuery()
    {
        if (connection.IsDeferring)
        {
            connection.Waiting.Add(_inner);
            return 0;
        }

        return Run(_inner.ExecuteNonQuery, connection.Waiting.SendForCount);
    }

    public override object? ExecuteScalar() => Run(_inner.ExecuteScalar, connection.Waiting.SendForScalar);

    protected override DbParameter CreateDbParameter() => new NpgsqlParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        Run(() => _inner.ExecuteReader(behavior), connection.Waiting.Send);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static bool HasSeveralStatements(string text) => text.AsSpan().TrimEnd("; \r\n").Contains(';');

    /// <param name="execute">Where nothing waits.</param>
    /// <param name="send">Where statements wait: they go along.</param>
    private T Run<T>(Func<T> execute, Func<NpgsqlCommand, T> send)
    {
        try
        {
            if (connection.Waiting.IsEmpty)
            {
                return execute();
            }

            if (!HasSeveralStatements(CommandText))
            {
                return send(_inner);
            }

            connection.Waiting.Send();
            return execute();
        }
        catch (NpgsqlException error)
        {
            connection.Note(error);
            throw;
        }
    }
}
