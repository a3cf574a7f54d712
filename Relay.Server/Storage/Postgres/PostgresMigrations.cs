using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Npgsql;

namespace Relay.Server.Storage.Postgres;

/// <summary>Migrates the schema to this program's version at each start, in one transaction. It begins with the tables of <see cref="First"/>; each
/// later step of <see cref="SchemaMigrations"/> has a text here, too.</summary>
internal static class PostgresMigrations
{
    /// <summary>The schema that a new database begins with.</summary>
    private const long First = 19;

    private const string State = """
        CREATE TABLE relay_database (
            schema BIGINT NOT NULL,
            identity BIGINT NOT NULL,
            restored_by TEXT);
        """;

    /// <summary>Brings a database to the latest schema. Of two relays that start at once, one waits for the other.</summary>
    /// <param name="transaction">A write transaction of a connection.</param>
    /// <param name="last">The schema to end with.</param>
    public static void Apply(DbConnection connection, DbTransaction transaction, long last = SchemaMigrations.Latest)
    {
        if (FindSchema(connection, transaction) is not { } version)
        {
            connection.Execute(
                string.Concat(
                    State, PostgresFunctions.OfSqlite, Ordered(PostgresModelTables.Text), Ordered(PostgresFleetTables.Text),
                    PostgresFunctions.Triggers, PostgresFunctions.SeenTriggers),
                transaction: transaction);
            connection.Execute(
                "INSERT INTO relay_database (schema, identity) VALUES (@First, @identity)",
                new { First, identity = RandomNumberGenerator.GetInt32(1, int.MaxValue) }, transaction);
            version = First;
        }

        for (; version < last; version++)
        {
            connection.Execute(Ordered(StepFrom(version)), transaction: transaction, commandTimeout: 0);
            connection.Execute("UPDATE relay_database SET schema = @next", new { next = version + 1 }, transaction);
        }
    }

    /// <summary>The schema of the relay's tables; null in an empty database.</summary>
    /// <exception cref="RelayStartException">The tables are of a newer relay, or not of a relay.</exception>
    public static long? FindSchema(DbConnection connection, DbTransaction? transaction)
    {
        (long tables, bool isOurs) = connection.QuerySingle<(long, bool)>(
            """
            SELECT count(*), coalesce(bool_or(relname = 'relay_database'), FALSE) FROM pg_class
            WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
            """,
            transaction: transaction);
        if (!isOurs)
        {
            return tables == 0
                ? null
                : throw new RelayStartException(
                    "The PostgreSQL database has tables that are not those of a relay: give the relay a database of its own.");
        }

        long version = connection.QuerySingle<long>("SELECT schema FROM relay_database", transaction: transaction);
        return version <= SchemaMigrations.Latest
            ? version
            : throw new RelayStartException(
                $"The database has schema {version}, this relay knows {SchemaMigrations.Latest}: start the newer relay, or restore an older backup.");
    }

    /// <summary>What a step does, in the words of PostgreSQL: BIGINT for INTEGER, BYTEA for BLOB, BOOLEAN where SQLite has 0 and 1.</summary>
    private static string StepFrom(long version) => version switch
    {
        19 => PostgresSteps.Annotations,
        20 => PostgresSteps.Replicas,
        21 => PostgresSteps.Console,
        22 => PostgresSteps.NodeFilters,
        23 => PostgresSteps.FleetSamples,
        24 => PostgresSteps.RowRequests,
        25 => PostgresSteps.SampleCopies,
        _ => throw new InvalidOperationException($"No migration from schema {version}."),
    };

    // Texts are sorted by code points, as SQLite does.
    private static string Ordered(string step) => step.Replace(" TEXT", " TEXT COLLATE \"C\"", StringComparison.Ordinal);
}
