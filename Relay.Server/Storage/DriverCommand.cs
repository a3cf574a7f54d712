using System.Data;
using System.Data.Common;

namespace Relay.Server.Storage;

/// <summary>A command of one of the relay's own connections, which runs a command of the engine's driver.</summary>
internal abstract class DriverCommand(DbConnection connection, DbTransaction? transaction) : DbCommand
{
    public override int CommandTimeout
    {
        get => Inner.CommandTimeout;
        set => Inner.CommandTimeout = value;
    }

    public override CommandType CommandType
    {
        get => Inner.CommandType;
        set => Inner.CommandType = value;
    }

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected abstract DbCommand Inner { get; }

    protected override DbConnection? DbConnection
    {
        get => connection;
        set => throw new NotSupportedException("The command belongs to the connection that made it.");
    }

    protected override DbParameterCollection DbParameterCollection => Inner.Parameters;

    protected override DbTransaction? DbTransaction { get; set; } = transaction;

    public override void Cancel() => Inner.Cancel();
}
