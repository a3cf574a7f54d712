namespace Relay.Server.Storage.Postgres;

/// <summary>The steps after the first schema, each in the words of PostgreSQL.</summary>
internal static class PostgresSteps
{
    /// <summary>That of <see cref="AnnotationsSchema"/>.</summary>
    public const string Annotations = """
        CREATE TABLE tags (
            model TEXT NOT NULL REFERENCES models (name),
            version BIGINT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            set_at BIGINT NOT NULL,
            set_by TEXT,
            PRIMARY KEY (model, version, key));

        CREATE TABLE notes (
            model TEXT NOT NULL REFERENCES models (name),
            version BIGINT NOT NULL,
            text TEXT NOT NULL,
            set_at BIGINT NOT NULL,
            set_by TEXT,
            PRIMARY KEY (model, version));

        ALTER TABLE models ADD COLUMN archived_at BIGINT;
        """;

    /// <summary>That of <see cref="ReplicasSchema"/>.</summary>
    public const string Replicas = """
        CREATE TABLE active_relay (
            id BIGINT PRIMARY KEY CHECK (id = 1),
            address TEXT NOT NULL,
            secret TEXT NOT NULL,
            since BIGINT NOT NULL);

        CREATE TABLE trace_steps (
            step TEXT PRIMARY KEY,
            traceparent TEXT NOT NULL,
            at BIGINT NOT NULL);

        ALTER TABLE training_runs ADD COLUMN worker BIGINT;
        ALTER TABLE training_runs ADD COLUMN stage TEXT;
        ALTER TABLE training_runs ADD COLUMN done BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE training_runs ADD COLUMN total BIGINT;
        """;

    /// <summary>That of <see cref="ConsoleSchema"/>.</summary>
    public const string Console = """
        CREATE TABLE console_sessions (
            hash BYTEA PRIMARY KEY CHECK (length(hash) = 32),
            actor TEXT NOT NULL,
            name TEXT NOT NULL,
            roles TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL);
        """;
}
