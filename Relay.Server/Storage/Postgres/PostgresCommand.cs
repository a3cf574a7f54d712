using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Relay.Server.Storage.Postgres;

/// <summary>A command of a <see cref="PostgresConnection"/>, whose one transaction all its commands are part of.</summary>
internal sealed class PostgresCommand(PostgresConnection connection) : DriverCommand(connection, null)
{
    private readonly PostgresConnection _connection = connection;
    private readonly NpgsqlCommand _inner = new() { Connection = connection.Inner };

    [AllowNull]
    public override string CommandText
    {
        get => _inner.CommandText;
        set => _inner.CommandText = value;
    }

    protected override NpgsqlCommand Inner => _inner;

    // The server's driver prepares what runs again and again.
    public override void Prepare()
    {
    }

    public override int ExecuteNonQuery() => _connection.IsDeferring
        ? _connection.Run(() => _connection.Waiting.Add(_inner))
        : Run(_inner.ExecuteNonQuery, _connection.Waiting.SendForCount);

    public override object? ExecuteScalar() => Run(_inner.ExecuteScalar, _connection.Waiting.SendForScalar);

    protected override DbParameter CreateDbParameter() => new NpgsqlParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        Run(() => _inner.ExecuteReader(behavior), _connection.Waiting.Send);

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
    private T Run<T>(Func<T> execute, Func<NpgsqlCommand, T> send) => _connection.Run(() =>
    {
        if (_connection.Waiting.IsEmpty)
        {
            return execute();
        }

        if (!HasSeveralStatements(CommandText))
        {
            return send(_inner);
        }

        _connection.Waiting.Send();
        return execute();
    });
}
