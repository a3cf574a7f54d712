using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Relay.Server.Storage.Postgres;

/// <summary>Copies all rows between an SQLite file and a PostgreSQL database of the same schema, table by table. No trigger runs: what they count is
/// in rows of its own.</summary>
internal static class RowCopy
{
    /// <summary>The tables of a relay in an SQLite file, each after those that it refers to.</summary>
    public static IReadOnlyList<string> FindTables(SqliteConnection sqlite)
    {
        List<string> ordered = [];
        foreach (string table in sqlite.Query<string>(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"))
        {
            Add(table);
        }

        return ordered;

        void Add(string table)
        {
            if (ordered.Contains(table))
            {
                return;
            }

            foreach (string before in sqlite.Query<string>("SELECT \"table\" FROM pragma_foreign_key_list(@table)", new { table }))
            {
                Add(before);
            }

            ordered.Add(table);
        }
    }

    // The relay that works, and the secret by which it believes others: a restored copy must send no request on to it. And no worker is of the copy.
    private static IEnumerable<string> FindCopied(SqliteConnection sqlite) =>
        FindTables(sqlite).Where(table => table is not (ActiveRelay.Table or "sample_copies"));

    /// <summary>Fills the empty tables of a PostgreSQL database.</summary>
    public static void ToPostgres(SqliteConnection from, PostgresConnection to, DbTransaction transaction)
    {
        foreach (string table in FindCopied(from))
        {
            to.Execute($"ALTER TABLE \"{table}\" DISABLE TRIGGER USER", transaction: transaction);
            ToPostgres(from, to, transaction, table);
            to.Execute($"ALTER TABLE \"{table}\" ENABLE TRIGGER USER", transaction: transaction);
            foreach (string numbered in to.Query<string>(
                "SELECT attname FROM pg_attribute WHERE attrelid = @table::regclass AND attidentity <> ''", new { table }, transaction))
            {
                long last = Math.Max(
                    from.ExecuteScalar<long?>($"SELECT max(\"{numbered}\") FROM \"{table}\"") ?? 0,
                    from.ExecuteScalar<long?>("SELECT seq FROM sqlite_sequence WHERE name = @table", new { table }) ?? 0);
                if (last > 0)
                {
                    to.Execute("SELECT setval(pg_get_serial_sequence(@table, @numbered), @last)", new { table, numbered, last }, transaction);
                }
            }
        }
    }

    /// <summary>Fills one empty table of a PostgreSQL database.</summary>
    public static void ToPostgres(SqliteConnection from, PostgresConnection to, DbTransaction transaction, string table)
    {
        (string Column, string Type)[] columns = FindColumns(to, transaction, table);
        string names = NamesOf(columns);
        using NpgsqlBinaryImporter rows = to.Inner.BeginBinaryImport($"COPY \"{table}\" ({names}) FROM STDIN (FORMAT BINARY)");
        rows.Timeout = Timeout.InfiniteTimeSpan;
        using IDataReader reader = from.ExecuteReader($"SELECT {names} FROM \"{table}\"", commandTimeout: 0);
        while (reader.Read())
        {
            rows.StartRow();
            for (int i = 0; i < columns.Length; i++)
            {
                Write(rows, reader.GetValue(i), columns[i].Type);
            }
        }

        rows.Complete();
    }

    /// <summary>Fills the empty tables of an SQLite file.</summary>
    public static void ToSqlite(PostgresConnection from, DbTransaction snapshot, SqliteConnection to)
    {
        using SqliteTransaction transaction = to.BeginTransaction(deferred: false);
        (string Name, string Text)[] triggers =
            [.. to.Query<(string, string)>("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'", transaction: transaction)];
        foreach ((string name, _) in triggers)
        {
            to.Execute($"DROP TRIGGER \"{name}\"", transaction: transaction);
        }

        foreach (string table in FindCopied(to))
        {
            ToSqlite(from, snapshot, to, transaction, table);
            if (to.ExecuteScalar<long>(
                "SELECT count(*) FROM sqlite_master WHERE name = @table AND sql LIKE '%AUTOINCREMENT%'", new { table }, transaction) > 0)
            {
                long last = PostgresDatabase.LastNumber(from, snapshot, table);
                to.Execute("DELETE FROM sqlite_sequence WHERE name = @table", new { table }, transaction);
                to.Execute("INSERT INTO sqlite_sequence (name, seq) VALUES (@table, @last)", new { table, last }, transaction);
            }
        }

        foreach ((_, string text) in triggers)
        {
            to.Execute(text, transaction: transaction);
        }

        transaction.Commit();
    }

    /// <summary>Fills one empty table of an SQLite file.</summary>
    public static void ToSqlite(PostgresConnection from, DbTransaction snapshot, SqliteConnection to, SqliteTransaction transaction, string table)
    {
        (string Column, string Type)[] columns = FindColumns(from, snapshot, table);
        string names = NamesOf(columns);
        using SqliteCommand insert = to.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = $"INSERT INTO \"{table}\" ({names}) VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))})";
        SqliteParameter[] parameters = [.. columns.Select((_, i) => insert.Parameters.Add(new SqliteParameter($"@p{i}", null)))];
        using IDataReader reader = from.ExecuteReader($"SELECT {names} FROM \"{table}\"", transaction: snapshot, commandTimeout: 0);
        while (reader.Read())
        {
            for (int i = 0; i < columns.Length; i++)
            {
                parameters[i].Value = reader.GetValue(i);
            }

            insert.ExecuteNonQuery();
        }
    }

    private static (string Column, string Type)[] FindColumns(DbConnection postgres, DbTransaction transaction, string table) =>
    [
        .. postgres.Query<(string, string)>(
            """
            SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
            WHERE attrelid = @table::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
            """,
            new { table }, transaction),
    ];

    private static string NamesOf((string Column, string Type)[] columns) => string.Join(", ", columns.Select(column => $"\"{column.Column}\""));

    private static void Write(NpgsqlBinaryImporter rows, object value, string type)
    {
        switch (value, type)
        {
            case (DBNull, _):
                rows.WriteNull();
                break;
            case (long number, "boolean"):
                rows.Write(number != 0, NpgsqlDbType.Boolean);
                break;
            case (long number, "bigint"):
                rows.Write(number, NpgsqlDbType.Bigint);
                break;
            case (long number, "double precision"):
                rows.Write((double)number, NpgsqlDbType.Double);
                break;
            case (double number, "double precision"):
                rows.Write(number, NpgsqlDbType.Double);
                break;
            case (byte[] bytes, "bytea"):
                rows.Write(bytes, NpgsqlDbType.Bytea);
                break;
            case (string text, "text"):
                // The one character that PostgreSQL has no place for.
                rows.Write(text.Replace('\0', '\ufffd'), NpgsqlDbType.Text);
                break;
            default:
                throw new InvalidDataException($"A value of the database is of another kind than its column: {value.GetType().Name} as {type}.");
        }
    }
}
