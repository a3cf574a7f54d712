using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>Both engines have the same tables: a step that one of them lacks is found here.</summary>
public sealed class PostgresSchemaTests : IDisposable
{
    private readonly SqliteConnection _sqlite = new("Data Source=:memory:");

    public PostgresSchemaTests()
    {
        _sqlite.Open();
        SchemaMigrations.Apply(_sqlite);
    }

    public void Dispose() => _sqlite.Dispose();

    [Fact(Skip = PostgresServer.NotInstalled, SkipUnless = nameof(PostgresServer.IsThere), SkipType = typeof(PostgresServer))]
    public void Apply_EmptyDatabase_HasTheTablesOfSqlite()
    {
        using RelayDatabase database = PostgresDatabase.Create(PostgresServer.Shared.CreateEmptyDatabase());
        using DbConnection postgres = database.Open();

        Assert.Equal(SchemaMigrations.Latest, postgres.QuerySingle<long>("SELECT schema FROM relay_database"));
        Assert.Equal(Columns(), OfPostgres(
            postgres,
            """
            SELECT concat_ws(' ', relname, attname, replace(replace(format_type(atttypid, NULL), 'boolean', 'integer'), 'bigint', 'integer'),
                CASE WHEN attnotnull THEN 'not null' END, replace(replace(pg_get_expr(adbin, adrelid), 'false', '0'), '::text', ''))
            FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
            WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname <> 'relay_database'
                AND attnum > 0 AND NOT attisdropped
            """));
        Assert.Equal(Keys(), OfPostgres(
            postgres,
            """
            SELECT concat_ws(' ', relname, contype, (SELECT string_agg(attname, ', ' ORDER BY place)
                FROM unnest(conkey) WITH ORDINALITY AS k (number, place) JOIN pg_attribute ON attrelid = conrelid AND attnum = number),
                CASE WHEN confrelid <> 0 THEN confrelid::regclass::text END, nullif(replace(replace(confdeltype::text, 'a', ''), 'c', 'cascade'), ''))
            FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid WHERE contype IN ('p', 'u', 'f')
                AND relnamespace = current_schema()::regnamespace
            """));
        Assert.Equal(Indexes(), OfPostgres(
            postgres,
            """
            SELECT concat_ws(' ', i.relname, CASE WHEN indisunique THEN 'unique' END, (SELECT string_agg(attname, ', ' ORDER BY place)
                FROM unnest(indkey) WITH ORDINALITY AS k (number, place) JOIN pg_attribute ON attrelid = indrelid AND attnum = number),
                trim(BOTH '()' FROM pg_get_expr(indpred, indrelid)))
            FROM pg_index JOIN pg_class i ON i.oid = indexrelid JOIN pg_class t ON t.oid = indrelid
            WHERE NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid) AND t.relnamespace = current_schema()::regnamespace
            """));
        Assert.Equal(
            _sqlite.Query<string>("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"),
            postgres.Query<string>("SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal AND tgname NOT LIKE '%truncate' ORDER BY 1"));
        Assert.Equal(CountOf("CHECK ("), postgres.ExecuteScalar<long>("SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"));
    }

    [Fact(Skip = PostgresServer.NotInstalled, SkipUnless = nameof(PostgresServer.IsThere), SkipType = typeof(PostgresServer))]
    public void Apply_EveryText_IsSortedByCodePoints()
    {
        using RelayDatabase database = PostgresDatabase.Create(PostgresServer.Shared.CreateEmptyDatabase());
        using DbConnection postgres = database.Open();

        Assert.Empty(postgres.Query<string>(
            """
            SELECT attrelid::regclass || '.' || attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND attnum > 0 AND atttypid = 'text'::regtype
                AND attcollation <> (SELECT oid FROM pg_collation WHERE collname = 'C') AND relname <> 'relay_database'
            """));
    }

    private string[] Columns() =>
    [
        .. RowCopy.FindTables(_sqlite).SelectMany(table => _sqlite
            .Query<(string Name, string Type, long NotNull, string? Default, long Key)>(
                "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info(@table)", new { table })
            .Select(column => string.Join(' ', new[]
            {
                table, column.Name, column.Type.ToUpperInvariant() switch
                {
                    "BLOB" => "bytea",
                    "REAL" => "double precision",
                    var other => other.ToLowerInvariant(),
                },
                column.NotNull > 0 || column.Key > 0 ? "not null" : "", column.Default ?? "",
            }.Where(part => part.Length > 0))))
            .Order(StringComparer.Ordinal),
    ];

    private string[] Keys() =>
    [
        .. RowCopy.FindTables(_sqlite).SelectMany(table => (string[])
            [
                $"{table} p " + string.Join(", ", _sqlite.Query<string>(
                    "SELECT name FROM pragma_table_info(@table) WHERE pk > 0 ORDER BY pk", new { table })),
                .. _sqlite.Query<string>("SELECT name FROM pragma_index_list(@table) WHERE origin = 'u'", new { table })
                    .Select(index => $"{table} u {IndexColumns(index)}"),
                .. _sqlite.Query<(long Id, string Column, string Target, string Deleted)>(
                    "SELECT id, \"from\", \"table\", on_delete FROM pragma_foreign_key_list(@table) ORDER BY id, seq", new { table })
                    .GroupBy(key => key.Id)
                    .Select(key => $"{table} f {string.Join(", ", key.Select(part => part.Column))} {key.First().Target}"
                        + (key.First().Deleted == "CASCADE" ? " cascade" : "")),
            ])
            .Order(StringComparer.Ordinal),
    ];

    private string[] Indexes() =>
    [
        .. RowCopy.FindTables(_sqlite).SelectMany(table => _sqlite
            .Query<(string Name, long Unique)>("SELECT name, \"unique\" FROM pragma_index_list(@table) WHERE origin = 'c'", new { table })
            .Select(index => (index.Unique > 0 ? $"{index.Name} unique " : $"{index.Name} ") + IndexColumns(index.Name) + PredicateOf(index.Name)))
            .Order(StringComparer.Ordinal),
    ];

    private string PredicateOf(string index) =>
        _sqlite.QuerySingle<string>("SELECT sql FROM sqlite_master WHERE name = @index", new { index }).Split(" WHERE ") is [_, var where]
            ? $" {where}" : "";

    private string IndexColumns(string index) =>
        string.Join(", ", _sqlite.Query<string>("SELECT name FROM pragma_index_info(@index) ORDER BY seqno", new { index }));

    private long CountOf(string part) => _sqlite.Query<string>("SELECT sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL")
        .Sum(sql => sql.Split(part).LongLength - 1);

    private static string[] OfPostgres(DbConnection postgres, string query) =>
        [.. postgres.Query<string>(query).Select(row => row.TrimEnd()).Order(StringComparer.Ordinal)];
}
