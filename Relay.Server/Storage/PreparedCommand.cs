using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Relay.Server.Storage;

/// <summary>A command of a <see cref="PreparingConnection"/>: when it is disposed, what is prepared goes back to the connection.</summary>
internal sealed class PreparedCommand(PreparingConnection connection) : DriverCommand(connection, connection.OpenTransaction)
{
    private readonly PreparingConnection _connection = connection;
    private SqliteCommand? _command;

    [AllowNull]
    public override string CommandText
    {
        get => _command?.CommandText ?? "";
        set
        {
            // Dapper writes the text anew where a parameter is a list, while it adds parameters: those stay.
            if (_command is { } begun)
            {
                begun.CommandText = value ?? "";
            }
            else
            {
                _command = _connection.Take(value ?? "");
            }
        }
    }

    protected override SqliteCommand Inner => _command ?? throw new InvalidOperationException("The command has no text.");

    public override void Prepare() => Ready().Prepare();

    public override int ExecuteNonQuery() => Ready().ExecuteNonQuery();

    public override object? ExecuteScalar() => Ready().ExecuteScalar();

    protected override DbParameter CreateDbParameter() => new SqliteParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Ready().ExecuteReader(behavior);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            GiveBack();
        }

        base.Dispose(disposing);
    }

    private SqliteCommand Ready()
    {
        Inner.Transaction = (SqliteTransaction?)DbTransaction;
        return Inner;
    }

    private void GiveBack()
    {
        if (_command is { } command)
        {
            _command = null;
            _connection.GiveBack(command);
        }
    }
}
