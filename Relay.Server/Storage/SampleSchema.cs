using System.Data.Common;
using Dapper;

namespace Relay.Server.Storage;

/// <summary>The tables in the file of a dataset. <see cref="Postgres.PostgresSampleTables"/> has the same.</summary>
internal static class SampleSchema
{
    public const int Version = 1;

    /// <summary>Samples and labels have numbers from one sequence, so that one number states what there was at a time. Cells are the texts of the
    /// columns but the label, each ended by NUL. A forgotten sample leaves a keyed hash of its id. Where something was deleted, the file has
    /// remains of it until a purge.</summary>
    public const string Text = """
        CREATE TABLE state (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            key BLOB NOT NULL CHECK (length(key) = 32),
            position INTEGER NOT NULL,
            rows INTEGER NOT NULL,
            labels INTEGER NOT NULL,
            conflicts INTEGER NOT NULL,
            forgotten INTEGER NOT NULL,
            has_remains INTEGER NOT NULL DEFAULT 1,
            purged_at INTEGER NOT NULL DEFAULT 0);

        CREATE TABLE sources (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            rows INTEGER NOT NULL DEFAULT 0,
            labels INTEGER NOT NULL DEFAULT 0,
            day INTEGER NOT NULL DEFAULT 0,
            used INTEGER NOT NULL DEFAULT 0);

        CREATE TABLE samples (
            position INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            source INTEGER NOT NULL REFERENCES sources (number),
            received_at INTEGER NOT NULL,
            label TEXT,
            cells BLOB NOT NULL,
            is_conflict INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX samples_by_time ON samples (received_at);

        CREATE TABLE labels (
            position INTEGER PRIMARY KEY,
            sample TEXT NOT NULL,
            source INTEGER NOT NULL REFERENCES sources (number),
            received_at INTEGER NOT NULL,
            label TEXT NOT NULL,
            is_conflict INTEGER NOT NULL);
        CREATE INDEX labels_by_sample ON labels (sample, position);
        CREATE INDEX labels_by_time ON labels (received_at);

        CREATE TABLE forgotten (
            mark BLOB PRIMARY KEY,
            at INTEGER NOT NULL) WITHOUT ROWID;
        PRAGMA user_version = 1;
        """;

    /// <summary>The state of a dataset without samples.</summary>
    public const string First = """
        INSERT INTO state (one, key, position, rows, labels, conflicts, forgotten, has_remains, purged_at)
        VALUES (1, @key, 0, 0, 0, 0, 0, FALSE, 0)
        """;

    /// <summary>The tables, each after those that it refers to.</summary>
    public static readonly IReadOnlyList<string> Tables = ["state", "sources", "samples", "labels", "forgotten"];

    // A relay that does not know them goes on with the file: it names the columns that it writes, and these have defaults.
    private static readonly (string Table, string Column, string Definition)[] LaterColumns =
    [
        ("state", "has_remains", "INTEGER NOT NULL DEFAULT 1"),
        ("state", "purged_at", "INTEGER NOT NULL DEFAULT 0"),
        ("samples", "is_conflict", "INTEGER NOT NULL DEFAULT 0"),
    ];

    /// <summary>Adds the columns that a file of an earlier relay lacks.</summary>
    public static void Complete(DbConnection connection)
    {
        foreach ((string table, string column, string definition) in LaterColumns)
        {
            string[] columns = [.. connection.Query<string>("SELECT name FROM pragma_table_info(@table)", new { table })];
            if (columns.Length > 0 && !columns.Contains(column))
            {
                connection.Execute($"ALTER TABLE {table} ADD COLUMN {column} {definition}");
            }
        }
    }
}
