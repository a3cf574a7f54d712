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

    /// <summary>That of <see cref="NodeFiltersSchema"/>. Nodes are removed by the thousand: their models go in one statement.</summary>
    public const string NodeFilters = """
        ALTER TABLE nodes ADD COLUMN channel TEXT NOT NULL DEFAULT '';
        ALTER TABLE nodes ADD COLUMN release BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE nodes ADD COLUMN stale BOOLEAN NOT NULL DEFAULT FALSE;
        ALTER TABLE nodes ADD COLUMN quarantined BOOLEAN NOT NULL DEFAULT FALSE;
        ALTER TABLE nodes ADD COLUMN refusing BOOLEAN NOT NULL DEFAULT FALSE;
        ALTER TABLE nodes ADD COLUMN models TEXT NOT NULL DEFAULT '[]';

        CREATE TABLE node_models (
            model TEXT NOT NULL,
            node TEXT NOT NULL,
            version BIGINT NOT NULL,
            PRIMARY KEY (model, node, version));

        CREATE FUNCTION list_node_models() RETURNS TRIGGER LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                DELETE FROM node_models WHERE node = OLD.id AND model IN (
                    SELECT known ->> 'model' FROM jsonb_array_elements(OLD.models::jsonb) AS known);
            END IF;
            INSERT INTO node_models (model, node, version)
            SELECT known ->> 'model', NEW.id, (known ->> 'version')::bigint FROM jsonb_array_elements(NEW.models::jsonb) AS known
            ON CONFLICT DO NOTHING;
            RETURN NULL;
        END
        $$;

        CREATE TRIGGER node_models_added AFTER INSERT ON nodes FOR EACH ROW WHEN (NEW.models <> '[]') EXECUTE FUNCTION list_node_models();
        CREATE TRIGGER node_models_changed AFTER UPDATE OF models ON nodes FOR EACH ROW
        WHEN (OLD.models <> NEW.models) EXECUTE FUNCTION list_node_models();

        CREATE FUNCTION unlist_node_models() RETURNS TRIGGER LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM node_models USING removed, jsonb_array_elements(removed.models::jsonb) AS known
            WHERE node_models.node = removed.id AND node_models.model = known ->> 'model';
            RETURN NULL;
        END
        $$;

        CREATE TRIGGER node_models_removed AFTER DELETE ON nodes REFERENCING OLD TABLE AS removed
        FOR EACH STATEMENT EXECUTE FUNCTION unlist_node_models();

        UPDATE nodes SET
            channel = coalesce(json_extract(check_in, '$.channel'), ''),
            release = coalesce(CAST(json_extract(check_in, '$.release') AS BIGINT), 0),
            stale = coalesce(json_extract(check_in, '$.stale') = 'true', FALSE),
            quarantined = EXISTS (SELECT 1 FROM json_each(check_in, '$.quarantine')),
            refusing = EXISTS (SELECT 1 FROM json_each(check_in, '$.refusals')),
            models = coalesce((
                SELECT '[' || string_agg(format('{"model":%s,"version":%s}', to_json(name), version), ',' ORDER BY name, version) || ']' FROM (
                    SELECT DISTINCT json_extract(value, '$.name') AS name, CAST(json_extract(value, '$.version') AS BIGINT) AS version
                    FROM json_each(check_in, '$.models')) AS active WHERE version IS NOT NULL), '[]');

        CREATE INDEX nodes_by_filter ON nodes (id, channel, release, stale, quarantined, refusing, seen_at);
        CREATE INDEX node_keys_banned ON node_keys (node) WHERE banned_at IS NOT NULL;
        DROP INDEX nodes_by_standing;
        CREATE INDEX nodes_by_standing ON nodes (standing, seen_at, bytes) WHERE standing < 3;
        """;

    /// <summary>That of <see cref="FleetSamplesSchema"/>.</summary>
    public const string FleetSamples = """
        CREATE TABLE fleet_samples (
            channel TEXT NOT NULL,
            at BIGINT NOT NULL,
            releases TEXT NOT NULL,
            PRIMARY KEY (channel, at));
        """;

    /// <summary>That of <see cref="RowRequestsSchema"/>.</summary>
    public const string RowRequests = """
        CREATE TABLE row_requests (
            run BIGINT PRIMARY KEY,
            folder TEXT NOT NULL,
            answer TEXT);
        """;

    /// <summary>That of <see cref="SampleCopiesSchema"/>.</summary>
    public const string SampleCopies = """
        DROP TABLE row_requests;
        CREATE TABLE sample_copies (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            folder TEXT NOT NULL,
            dataset TEXT NOT NULL,
            began_at BIGINT NOT NULL);
        """;
}
