using Relay.Server.Storage.Postgres;

namespace Relay.Server.Storage;

/// <summary>What errors of a database mean, whichever engine reports them.</summary>
internal static class DatabaseErrors
{
    /// <summary>True when the error means that the content of the database is damaged.</summary>
    public static bool IsDamage(Exception error) => SqliteErrors.IsDamage(error) || PostgresErrors.IsDamage(error);

    /// <summary>True when the disk of the database is full.</summary>
    public static bool IsDiskFull(Exception error) => SqliteErrors.IsDiskFull(error) || PostgresErrors.IsDiskFull(error);

    /// <summary>True when a server has the rows and cannot be reached, or takes no requests now.</summary>
    public static bool IsUnreachable(Exception error) => PostgresErrors.IsUnreachable(error);

    /// <summary>True when a text has a character that the engine cannot hold.</summary>
    public static bool IsUnstorableText(Exception error) => PostgresErrors.IsUnstorableText(error);

    /// <summary>True when nothing was stored for a reason that passes, or that an operator mends: the same request may succeed later.</summary>
    public static bool IsUnavailable(Exception error) =>
        error is not UncertainCommitException
        && (SqliteErrors.EndsTransaction(error) || PostgresErrors.IsUnavailable(error) || IsDiskFull(error));

    /// <summary>True when the error may have rolled the transaction back: nothing that was written in it may count as stored.</summary>
    public static bool EndsTransaction(Exception error) => SqliteErrors.EndsTransaction(error) || PostgresErrors.EndsTransaction(error);

    /// <summary>True when the transaction is over even where a savepoint was set before the error.</summary>
    public static bool EndsSavepoint(Exception error) => SqliteErrors.EndsTransaction(error) || PostgresErrors.EndsSavepoint(error);
}
