namespace Relay.Server.Storage;

/// <summary>The tables of datasets, whose samples are elsewhere, a name each, and of what starts training runs by itself.</summary>
internal static class DatasetsSchema
{
    /// <summary>A dataset that is to be deleted has a row until its samples are gone.</summary>
    public const string Step = """
        CREATE TABLE datasets (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            file TEXT NOT NULL UNIQUE,
            spec TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            created_by TEXT,
            deleted_at INTEGER);
        CREATE UNIQUE INDEX datasets_by_name ON datasets (name) WHERE deleted_at IS NULL;

        CREATE TABLE training_triggers (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            model TEXT NOT NULL REFERENCES models (name),
            data TEXT NOT NULL,
            rule TEXT NOT NULL,
            is_paused INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL,
            created_by TEXT,
            mark INTEGER NOT NULL,
            fired_at INTEGER,
            run INTEGER);
        ALTER TABLE training_runs ADD COLUMN trigger INTEGER;
        """;
}
