using System.Data.Common;
using Npgsql;

namespace Relay.Server.Storage.Postgres;

/// <summary>Statements of a transaction that go to the server with the next one.</summary>
internal sealed class StatementQueue(NpgsqlConnection connection)
{
    /// <summary>More go on their own: neither side waits for the other to read.</summary>
    private const int Maximum = 64;

    private List<NpgsqlBatchCommand> _waiting = [];

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Takes over the text and the parameters of a command.</summary>
    /// <returns>The number of rows that it changed so far: none.</returns>
    public int Add(NpgsqlCommand command)
    {
        _waiting.Add(Move(command));
        if (_waiting.Count == Maximum)
        {
            Send();
        }

        return 0;
    }

    public void Clear() => _waiting.Clear();

    /// <returns>The number of rows that all of them changed.</returns>
    public int Send()
    {
        if (IsEmpty)
        {
            return 0;
        }

        using NpgsqlBatch batch = Take();
        return batch.ExecuteNonQuery();
    }

    /// <summary>Sends what waits, and the command after it: its rows are the only ones.</summary>
    public DbDataReader Send(NpgsqlCommand command) => CreateBatch(command).ExecuteReader();

    /// <summary>The same; the first value of the rows.</summary>
    public object? SendForScalar(NpgsqlCommand command)
    {
        using NpgsqlBatch batch = CreateBatch(command);
        return batch.ExecuteScalar();
    }

    /// <summary>The same; the number of rows that the command changed.</summary>
    public int SendForCount(NpgsqlCommand command)
    {
        using NpgsqlBatch batch = CreateBatch(command);
        batch.ExecuteNonQuery();
        return batch.BatchCommands[^1].RecordsAffected;
    }

    private NpgsqlBatch CreateBatch(NpgsqlCommand command)
    {
        NpgsqlBatch batch = Take();
        batch.BatchCommands.Add(Move(command));
        return batch;
    }

    private NpgsqlBatch Take()
    {
        NpgsqlBatch batch = new(connection);
        foreach (NpgsqlBatchCommand waiting in _waiting)
        {
            batch.BatchCommands.Add(waiting);
        }

        _waiting = [];
        return batch;
    }

    private static NpgsqlBatchCommand Move(NpgsqlCommand command)
    {
        NpgsqlBatchCommand moved = new(command.CommandText);
        NpgsqlParameter[] parameters = new NpgsqlParameter[command.Parameters.Count];
        command.Parameters.CopyTo(parameters, 0);
        command.Parameters.Clear();
        foreach (NpgsqlParameter parameter in parameters)
        {
            moved.Parameters.Add(parameter);
        }

        return moved;
    }
}
