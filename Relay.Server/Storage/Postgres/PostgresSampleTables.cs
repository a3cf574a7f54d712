using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;

namespace Relay.Server.Storage.Postgres;

/// <summary>The schema of one dataset in the database of the relay, which has the tables of <see cref="SampleSchema"/>.</summary>
internal static partial class PostgresSampleTables
{
    public const string Prefix = "samples_";

    // By it the relay knows its own schemas, and of which version they are.
    private const string Mark = "samples of a relay, version 1";

    // Texts are sorted by code points, as SQLite does.
    private const string Tables = """
        CREATE TABLE state (
            one BIGINT NOT NULL CHECK (one = 1),
            key BYTEA NOT NULL CHECK (length(key) = 32),
            position BIGINT NOT NULL,
            rows BIGINT NOT NULL,
            labels BIGINT NOT NULL,
            conflicts BIGINT NOT NULL,
            forgotten BIGINT NOT NULL,
            has_remains BOOLEAN NOT NULL DEFAULT TRUE,
            purged_at BIGINT NOT NULL DEFAULT 0);

        CREATE TABLE sources (
            number BIGINT NOT NULL,
            name TEXT COLLATE "C" NOT NULL,
            rows BIGINT NOT NULL DEFAULT 0,
            labels BIGINT NOT NULL DEFAULT 0,
            day BIGINT NOT NULL DEFAULT 0,
            used BIGINT NOT NULL DEFAULT 0);

        CREATE TABLE samples (
            position BIGINT NOT NULL,
            id TEXT COLLATE "C" NOT NULL,
            source BIGINT NOT NULL,
            received_at BIGINT NOT NULL,
            label TEXT COLLATE "C",
            cells BYTEA NOT NULL,
            is_conflict BOOLEAN NOT NULL DEFAULT FALSE);

        CREATE TABLE labels (
            position BIGINT NOT NULL,
            sample TEXT COLLATE "C" NOT NULL,
            source BIGINT NOT NULL,
            received_at BIGINT NOT NULL,
            label TEXT COLLATE "C" NOT NULL,
            is_conflict BOOLEAN NOT NULL);

        CREATE TABLE forgotten (
            mark BYTEA NOT NULL,
            at BIGINT NOT NULL);

        ALTER TABLE sources ALTER name SET STATISTICS 0;
        ALTER TABLE samples ALTER id SET STATISTICS 0, ALTER label SET STATISTICS 0, ALTER cells SET STATISTICS 0;
        ALTER TABLE labels ALTER sample SET STATISTICS 0, ALTER label SET STATISTICS 0;
        """;

    private const string Indexes = """
        ALTER TABLE state ADD PRIMARY KEY (one);
        ALTER TABLE sources ADD PRIMARY KEY (number), ADD UNIQUE (name);
        ALTER TABLE samples ADD PRIMARY KEY (position), ADD UNIQUE (id);
        CREATE INDEX samples_by_time ON samples (received_at);
        ALTER TABLE labels ADD PRIMARY KEY (position);
        CREATE INDEX labels_by_sample ON labels (sample, position);
        CREATE INDEX labels_by_time ON labels (received_at);
        ALTER TABLE forgotten ADD PRIMARY KEY (mark);
        """;

    /// <summary>The schema of a name of <see cref="SampleDatabases"/>.</summary>
    /// <exception cref="SampleFileException">The relay gives no such name.</exception>
    public static string SchemaOf(string name) => TryFindSchema(name)
        ?? throw new SampleFileException($"A dataset has samples of the name '{name}', which no relay gives: delete the dataset.");

    /// <returns>Null for a name that no relay gives.</returns>
    public static string? TryFindSchema(string name) => Names().IsMatch(name) ? Prefix + name[..^SampleDatabases.Ending.Length] : null;

    /// <summary>The names of all that there are.</summary>
    /// <param name="unfinished">Of restores that did not end: their samples alone; null: all.</param>
    public static IReadOnlyList<string> FindNames(DbConnection connection, IReadOnlyList<string>? unfinished = null) =>
    [
        .. connection.Query<(string Schema, string? Comment)>(
            """
            SELECT nspname, obj_description(oid, 'pg_namespace') FROM pg_namespace
            WHERE starts_with(nspname, @Prefix) AND obj_description(oid, 'pg_namespace') IS NOT NULL ORDER BY nspname
            """,
            new { Prefix })
            .Where(found => found.Comment!.StartsWith(Mark, StringComparison.Ordinal)
                && (unfinished is null || unfinished.Any(restore => found.Comment == MarkOf(restore))))
            .Select(found => found.Schema[Prefix.Length..] + SampleDatabases.Ending),
    ];

    /// <summary>True where a schema is there, and of this version.</summary>
    public static bool Exists(DbConnection connection, string schema) => connection.ExecuteScalar<bool>(
        """
        SELECT coalesce(starts_with(obj_description(oid, 'pg_namespace'), @Mark), FALSE) FROM pg_namespace WHERE nspname = @schema
        """,
        new { Mark, schema });

    /// <summary>Creates empty tables, of which <see cref="Index"/> makes complete ones: to fill them is quicker in between.</summary>
    /// <param name="transaction">Becomes one of the schema.</param>
    /// <param name="restore">The restore that fills them; null for none.</param>
    public static void Create(DbConnection connection, DbTransaction transaction, string schema, string? restore = null) => connection.Execute(
        $"""
        CREATE SCHEMA {schema};
        COMMENT ON SCHEMA {schema} IS '{MarkOf(restore)}';
        SET LOCAL search_path = {schema};
        {Tables}
        """,
        transaction: transaction);

    public static void Index(DbConnection connection, DbTransaction transaction) =>
        connection.Execute(Indexes, transaction: transaction, commandTimeout: 0);

    /// <summary>Writes all tables anew, so that the files of the server have no byte of what was deleted: those of the old tables are deleted with
    /// the commit, also where a session has an older state open, of which <c>VACUUM FULL</c> would copy all. No table is read meanwhile.</summary>
    /// <param name="now">In milliseconds since 1970.</param>
    public static void Rewrite(DbConnection connection, DbTransaction transaction, string schema, long now)
    {
        string written = schema + "_new";
        connection.Execute(
            $"""
            SET LOCAL lock_timeout = '2s';
            LOCK TABLE {string.Join(", ", SampleSchema.Tables)} IN ACCESS EXCLUSIVE MODE;
            UPDATE state SET has_remains = FALSE, purged_at = {now};
            """,
            transaction: transaction);
        Create(connection, transaction, written);
        foreach (string table in SampleSchema.Tables)
        {
            connection.Execute($"INSERT INTO {table} SELECT * FROM {schema}.{table}", transaction: transaction, commandTimeout: 0);
        }

        Index(connection, transaction);
        connection.Execute($"DROP SCHEMA {schema} CASCADE; ALTER SCHEMA {written} RENAME TO {schema}", transaction: transaction, commandTimeout: 0);
    }

    /// <summary>Bytes of the tables of a schema with all that belongs to them.</summary>
    public static long FindBytes(DbConnection connection, string schema) => connection.ExecuteScalar<long>(
        """
        SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = @schema AND c.relkind = 'r'
        """,
        new { schema });

    private static string MarkOf(string? restore) => restore is null ? Mark : $"{Mark}, of {restore}";

    [GeneratedRegex(@"^[a-z0-9]{1,40}\.db\z")]
    private static partial Regex Names();
}
