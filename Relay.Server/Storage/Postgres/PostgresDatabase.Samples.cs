using System.Data;
using System.Data.Common;
using Dapper;
using Npgsql;

namespace Relay.Server.Storage.Postgres;

/// <summary>The samples of datasets in the same database, and the locks by which one relay writes.</summary>
internal sealed partial class PostgresDatabase
{
    // The lock that write transactions on samples share: they run beside each other, and a relay that begins to work waits for all.
    private const long SamplesKey = 0x7265_6c61_7903;

    public override SampleDatabases OpenSamples(DataFolder folder) => new PostgresSampleSchemas(this, folder);

    /// <summary>A connection that finds the tables of one dataset.</summary>
    public PostgresConnection OpenSamples(string schema)
    {
        PostgresConnection connection = new(_samples.OpenConnection());
        try
        {
            connection.Execute("SELECT set_config('search_path', @schema, FALSE)", new { schema });
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Begins a transaction that no other one writes to the same dataset beside.</summary>
    /// <exception cref="DbException">The server cannot be asked, or another relay works with the database.</exception>
    public DbTransaction BeginSamples(DbConnection connection, string schema)
    {
        if (TryBeginSamples(connection, schema) is { } transaction)
        {
            return transaction;
        }

        // Its lock was lost: this takes it again, or fails.
        Write((_, _) => true);
        return TryBeginSamples(connection, schema)
            ?? throw new NpgsqlException($"The lock of the database {PostgresSettings.Describe(_server)} was lost twice.");
    }

    /// <summary>Waits for all transactions that write samples and have begun.</summary>
    public static void WaitForSamples(DbConnection session)
    {
        using DbTransaction transaction = session.BeginTransaction(IsolationLevel.ReadCommitted);
        session.Execute("SELECT pg_advisory_xact_lock(@SamplesKey)", new { SamplesKey }, transaction);
    }

    /// <summary>A transaction that waits for all others: what it reads is what is there when it writes, as with the one writer of SQLite.</summary>
    public static DbTransaction BeginLocked(DbConnection connection) => TryBeginLocked(connection, null)!;

    /// <summary>The same, where any session has a lock.</summary>
    /// <param name="mark">The key of the lock; null: none is needed.</param>
    /// <returns>Null when no session has it.</returns>
    public static DbTransaction? TryBeginLocked(DbConnection connection, long? mark) => TryBegin(
        connection,
        "SELECT CASE WHEN pg_advisory_xact_lock(@WriteKey) IS NOT NULL THEN pg_try_advisory_xact_lock_shared(CAST(@mark AS BIGINT)) END",
        new { WriteKey, mark });

    // CASE keeps the order: a lock that ends while the transaction waits is missing. A lock that can be taken is held by no session; the lock that
    // is tried is a shared one, so that two transactions that try at once both find it.
    private static DbTransaction? TryBegin(DbConnection connection, string sql, object parameters)
    {
        DbTransaction transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        try
        {
            bool? isMissing = connection.ExecuteScalar<bool?>(sql, parameters, transaction);
            if (isMissing != true)
            {
                return transaction;
            }
        }
        catch
        {
            transaction.Dispose();
            throw;
        }

        transaction.Dispose();
        return null;
    }

    private DbTransaction? TryBeginSamples(DbConnection connection, string schema) => TryBegin(
        connection,
        """
        SELECT CASE WHEN pg_advisory_xact_lock_shared(@SamplesKey) IS NOT NULL THEN
            CASE WHEN pg_advisory_xact_lock(hashtextextended(@schema, 0)) IS NOT NULL THEN
                pg_try_advisory_xact_lock_shared(CAST(@mark AS BIGINT)) END END
        """,
        new { SamplesKey, schema, mark = _lock?.Mark });
}
