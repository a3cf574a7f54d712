using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Relay.Server.Storage;

/// <summary>A connection that prepares each statement once: for the writer, which runs the same few statements for every report. To prepare one, with
/// the triggers that it fires, takes longer than to run it.</summary>
internal sealed class PreparingConnection(string connectionString) : SqliteConnection(connectionString)
{
    /// <summary>More texts than the relay has. Beyond it all are prepared anew.</summary>
    private const int MaximumTexts = 256;

    private readonly Dictionary<string, SqliteCommand> _idle = new(StringComparer.Ordinal);

    /// <summary>The transaction that is open; null for none.</summary>
    public SqliteTransaction? OpenTransaction => Transaction;

    /// <summary>A command of this text, prepared if it ran before. Two that run at once are two.</summary>
    public SqliteCommand Take(string text)
    {
        if (!_idle.Remove(text, out SqliteCommand? command))
        {
            command = CreateCommand();
            command.CommandText = text;
        }

        return command;
    }

    public void GiveBack(SqliteCommand command)
    {
        command.Transaction = null;
        command.Parameters.Clear();
        if (_idle.Count >= MaximumTexts)
        {
            DisposeIdle();
        }

        if (!_idle.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    protected override DbCommand CreateDbCommand() => new PreparedCommand(this);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            DisposeIdle();
        }

        base.Dispose(disposing);
    }

    private void DisposeIdle()
    {
        foreach (SqliteCommand command in _idle.Values)
        {
            command.Dispose();
        }

        _idle.Clear();
    }
}
