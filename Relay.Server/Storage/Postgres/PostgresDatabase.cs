using System.Data;
using System.Data.Common;
using Dapper;
using Npgsql;

namespace Relay.Server.Storage.Postgres;

/// <summary>The rows in a database of a PostgreSQL server, which the relay has alone.</summary>
internal sealed partial class PostgresDatabase : RelayDatabase
{
    /// <summary>The advisory lock that each write transaction takes. Such locks are of one database.</summary>
    public const long WriteKey = 0x7265_6c61_7901;

    private readonly NpgsqlDataSource _source;

    // Of their own: their tables are found by a setting of the session, and long exports keep no connection from the rows of the relay.
    private readonly NpgsqlDataSource _samples;
    private readonly string _server;
    private RelayLock? _lock;

    private PostgresDatabase(string server)
    {
        _server = server;
        _source = NpgsqlDataSource.Create(PostgresSettings.Read(server));
        _samples = NpgsqlDataSource.Create(PostgresSettings.ReadForSamples(server));
    }

    public override long Bytes
    {
        get
        {
            using DbConnection connection = Open();
            return FindBytes(connection);
        }
    }

    /// <summary>Opens a database, and creates its tables where it is empty.</summary>
    public static PostgresDatabase Create(string server)
    {
        PostgresDatabase database = new(server);
        try
        {
            database.Write((connection, transaction) =>
            {
                PostgresMigrations.Apply(connection, transaction);
                return true;
            });
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public static DatabaseState? Inspect(string server)
    {
        using DbConnection connection = Connect(server);
        PostgresRequirements.Check(connection);
        try
        {
            return PostgresMigrations.FindSchema(connection, null) is null
                ? RequireNoSamples(connection)
                : new(
                    (int)connection.QuerySingle<long>("SELECT identity FROM relay_database"),
                    connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM api_keys)"),
                    LastNumber(connection, null, "training_runs"),
                    null);
        }
        catch (DbException damaged) when (PostgresErrors.IsDamage(damaged))
        {
            return DatabaseState.Damaged(damaged.Message);
        }
    }

    public static long FindBytes(string server)
    {
        using DbConnection connection = Connect(server);
        return FindBytes(connection);
    }

    public static bool WriteCurrent(string server, Action<DbConnection, DbTransaction> work)
    {
        using DbConnection connection = Connect(server);
        using DbTransaction transaction = BeginLocked(connection);
        if (PostgresMigrations.FindSchema(connection, transaction) != SchemaMigrations.Latest)
        {
            return false;
        }

        work(connection, transaction);
        transaction.Commit();
        return true;
    }

    /// <summary>A connection that is not kept for others.</summary>
    public static PostgresConnection Connect(string server)
    {
        NpgsqlConnectionStringBuilder settings = PostgresSettings.Read(server);
        settings.Pooling = false;
        PostgresConnection connection = new(new NpgsqlConnection(settings.ConnectionString));
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override DbConnection Open() => new PostgresConnection(_source.OpenConnection());

    public override DbConnection OpenForWrites() => Connect(_server);

    public override void CheckWritable() => Write(
        (connection, transaction) => connection.Execute("UPDATE relay_database SET schema = schema", transaction: transaction));

    public override string? FindDamage() => null;

    public override IDisposable? AcquireLock(IDisposable? held = null)
    {
        _lock = (RelayLock?)held ?? RelayLock.Take(_server);
        return _lock;
    }

    public override Presence Appear() => PostgresPresence.Appear(_server);

    public override bool IsGone(DbConnection connection, DbTransaction transaction, long presence) =>
        PostgresPresence.IsGone(connection, transaction, presence);

    public override int EnsureIdentity()
    {
        using DbConnection connection = Open();
        return (int)connection.QuerySingle<long>("SELECT identity FROM relay_database");
    }

    public override long FindLastNumber(DbConnection connection, DbTransaction? transaction, string table) =>
        LastNumber(connection, transaction, table);

    public override void Dispose()
    {
        _samples.Dispose();
        _source.Dispose();
    }

    protected override DbTransaction BeginWrite(DbConnection connection) => _lock?.BeginWrite(connection) ?? BeginLocked(connection);

    /// <summary>The highest number that a table ever gave to a row.</summary>
    public static long LastNumber(DbConnection connection, DbTransaction? transaction, string table) => connection.ExecuteScalar<long>(
        """
        SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(@table, (
            SELECT attname FROM pg_attribute WHERE attrelid = @table::regclass AND attidentity <> ''))::regclass), 0)
        """,
        new { table }, transaction);

    // Those of a relay whose tables are gone, or of a restore that was stopped.
    private static DatabaseState? RequireNoSamples(DbConnection connection) => PostgresSampleTables.FindNames(connection) is [var first, ..]
        ? throw new RelayStartException(
            $"The PostgreSQL database has samples of a relay (schema {PostgresSampleTables.SchemaOf(first)}), and no other tables of it: give the "
            + "relay an empty database, or restore a backup into one.")
        : null;

    private static long FindBytes(DbConnection connection) => connection.ExecuteScalar<long>(
        """
        SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
        """);
}
