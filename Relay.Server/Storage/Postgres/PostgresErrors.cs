using Npgsql;

namespace Relay.Server.Storage.Postgres;

/// <summary>What errors of PostgreSQL and of the connection to it mean.</summary>
internal static class PostgresErrors
{
    // Classes of SQLSTATE: connection, transaction rollback, insufficient resources, operator intervention, system error.
    private static readonly string[] PassingClasses = ["08", "40", "53", "57", "58"];

    public static bool IsDamage(Exception error) =>
        error is PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted };

    public static bool IsDiskFull(Exception error) => error is PostgresException { SqlState: PostgresErrorCodes.DiskFull };

    public static bool IsUnstorableText(Exception error) => error is PostgresException
    {
        SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter,
    };

    public static bool IsUnreachable(Exception error) => error switch
    {
        PostgresException refused => refused.SqlState.StartsWith("57", StringComparison.Ordinal)
            || refused.SqlState.StartsWith("08", StringComparison.Ordinal) || refused.SqlState == PostgresErrorCodes.TooManyConnections,
        NpgsqlException => true,
        _ => false,
    };

    public static bool IsUnavailable(Exception error) => error switch
    {
        PostgresException refused => IsPassing(refused) || refused.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction,
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>After any error, PostgreSQL takes nothing more in a transaction.</summary>
    public static bool EndsTransaction(Exception error) => error is NpgsqlException;

    public static bool EndsSavepoint(Exception error) => IsUnavailable(error);

    /// <summary>True when the server did not say what became of a commit.</summary>
    public static bool IsUncertain(NpgsqlException error) => error is not PostgresException || IsUnreachable(error);

    private static bool IsPassing(PostgresException error) =>
        error.SqlState == PostgresErrorCodes.LockNotAvailable
        || Array.Exists(PassingClasses, start => error.SqlState.StartsWith(start, StringComparison.Ordinal));
}
