using Microsoft.Data.Sqlite;

namespace Relay.Server.Storage;

/// <summary>What result codes of SQLite mean.</summary>
internal static class SqliteErrors
{
    private const int CorruptCode = 11;
    private const int FullCode = 13;
    private const int NotADatabaseCode = 26;

    // Busy, locked, out of memory, interrupted, input or output, full.
    private static readonly int[] CodesThatEndTransactions = [5, 6, 7, 9, 10, FullCode];

    public static bool IsDamage(Exception error) => error is SqliteException { SqliteErrorCode: CorruptCode or NotADatabaseCode };

    public static bool IsDiskFull(Exception error) => error is SqliteException { SqliteErrorCode: FullCode };

    public static bool EndsTransaction(Exception error) =>
        error is SqliteException sqlite && CodesThatEndTransactions.Contains(sqlite.SqliteErrorCode);
}
