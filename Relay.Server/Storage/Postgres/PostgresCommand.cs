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

    public override void Prepare() => Run(() =>
    {
        _inner.Prepare();
        return true;
    });

    public override int ExecuteNonQuery() => Run(_inner.ExecuteNonQuery);

    public override object? ExecuteScalar() => Run(_inner.ExecuteScalar);

    protected override DbParameter CreateDbParameter() => new NpgsqlParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Run(() => _inner.ExecuteReader(behavior));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private T Run<T>(Func<T> execute)
    {
        try
        {
            return execute();
        }
        catch (NpgsqlException error)
        {
            connection.Note(error);
            throw;
        }
    }
}
