using System.Data.Common;
using Dapper;
using Relay.Server.Storage.Postgres;

namespace Relay.TestKit.Databases;

/// <summary>What tests do to a database in the words of its engine.</summary>
public static class TestSql
{
    /// <summary>Why a test of a property of SQLite is skipped on PostgreSQL.</summary>
    public const string OfSqlite = "a property of SQLite";

    /// <summary>The functions of SQLite with which tests write rows.</summary>
    internal const string Functions = """
        CREATE FUNCTION zeroblob(bytes INTEGER) RETURNS BYTEA LANGUAGE sql AS $$ SELECT decode(repeat('00', bytes), 'hex') $$;
        CREATE FUNCTION randomblob(bytes INTEGER) RETURNS BYTEA LANGUAGE sql VOLATILE AS $$
            SELECT substr(decode(string_agg(md5(random()::text), ''), 'hex'), 1, bytes) FROM generate_series(0, bytes / 16)
        $$;
        CREATE FUNCTION json_set(document TEXT, path TEXT, value TEXT) RETURNS TEXT LANGUAGE sql AS $$
            SELECT jsonb_set(document::jsonb, string_to_array(substr(path, 3), '.'), to_jsonb(value))::text
        $$;
        CREATE FUNCTION json_set(document TEXT, path TEXT, value INTEGER) RETURNS TEXT LANGUAGE sql AS $$
            SELECT jsonb_set(document::jsonb, string_to_array(substr(path, 3), '.'), to_jsonb(value))::text
        $$;
        """;

    /// <summary>A trigger by which a table takes no rows.</summary>
    public static string Refuse(string name, string table, string message) => TestDatabases.IsPostgres
        ? $"""
          CREATE FUNCTION {name}() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{message}'; END $$;
          CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
          """
        : $"CREATE TRIGGER {name} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END";

    /// <summary>The UTF-8 of a value, and bytes after it.</summary>
    public static string BytesOf(string value, string rest) =>
        TestDatabases.IsPostgres ? $"convert_to(CAST({value} AS TEXT), 'UTF8') || {rest}" : $"CAST(({value}) || {rest} AS BLOB)";

    /// <summary>Ends what <see cref="Refuse"/> began.</summary>
    public static string Accept(string name, string table) => TestDatabases.IsPostgres
        ? $"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}()"
        : $"DROP TRIGGER {name}";

    /// <summary>Keeps all writers of the database waiting, as a slow disk does, until <see cref="EndWait"/>.</summary>
    public static void HoldWriters(this DbConnection connection) => connection.Execute(
        TestDatabases.IsPostgres ? $"BEGIN; SELECT pg_advisory_xact_lock({PostgresDatabase.WriteKey})" : "BEGIN IMMEDIATE");

    public static void EndWait(this DbConnection connection) => connection.Execute("COMMIT");

    /// <summary>Sets the number that the last row of a table got.</summary>
    public static void SetLastNumber(this DbConnection connection, string table, string column, long last) => connection.Execute(
        TestDatabases.IsPostgres
            ? $"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), @last)"
            : $"UPDATE sqlite_sequence SET seq = @last WHERE name = '{table}'",
        new { last });
}
