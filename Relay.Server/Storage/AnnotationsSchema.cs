namespace Relay.Server.Storage;

/// <summary>What people say of models and versions after they were made: tags, notes, and that a model is archived. Version 0 stands for the
/// model itself.</summary>
internal static class AnnotationsSchema
{
    public const string Step = """
        CREATE TABLE tags (
            model TEXT NOT NULL REFERENCES models (name),
            version INTEGER NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            set_at INTEGER NOT NULL,
            set_by TEXT,
            PRIMARY KEY (model, version, key));

        CREATE TABLE notes (
            model TEXT NOT NULL REFERENCES models (name),
            version INTEGER NOT NULL,
            text TEXT NOT NULL,
            set_at INTEGER NOT NULL,
            set_by TEXT,
            PRIMARY KEY (model, version));

        ALTER TABLE models ADD COLUMN archived_at INTEGER;
        """;
}
