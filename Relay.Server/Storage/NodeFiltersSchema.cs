namespace Relay.Server.Storage;

/// <summary>What lists of nodes are filtered by, in columns beside the report, so that no filter reads reports. One index has all of them in the
/// order of lists: what few nodes match takes one pass over it. The models of a node are rows, which triggers keep: most reports change
/// none.</summary>
internal static class NodeFiltersSchema
{
    /// <summary>The step fills the columns of the nodes that there are from their latest reports. The index by standing is left to the nodes that
    /// make room for others: a report of an enrolled node writes one index, as before.</summary>
    public const string Step = $"""
        ALTER TABLE nodes ADD COLUMN channel TEXT NOT NULL DEFAULT '';
        ALTER TABLE nodes ADD COLUMN release INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE nodes ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE nodes ADD COLUMN quarantined INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE nodes ADD COLUMN refusing INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE nodes ADD COLUMN models TEXT NOT NULL DEFAULT '[]';

        CREATE TABLE node_models (
            model TEXT NOT NULL,
            node TEXT NOT NULL,
            version INTEGER NOT NULL,
            PRIMARY KEY (model, node, version)) WITHOUT ROWID;

        CREATE TRIGGER node_models_added AFTER INSERT ON nodes WHEN NEW.models <> '[]'
        BEGIN {Add} END;

        CREATE TRIGGER node_models_removed AFTER DELETE ON nodes WHEN OLD.models <> '[]'
        BEGIN {Remove} END;

        CREATE TRIGGER node_models_changed AFTER UPDATE OF models ON nodes WHEN OLD.models <> NEW.models
        BEGIN {Remove} {Add} END;

        UPDATE nodes SET
            channel = coalesce(json_extract(check_in, '$.channel'), ''),
            release = coalesce(json_extract(check_in, '$.release'), 0),
            stale = coalesce(json_extract(check_in, '$.stale'), 0),
            quarantined = coalesce(json_array_length(check_in, '$.quarantine'), 0) > 0,
            refusing = coalesce(json_array_length(check_in, '$.refusals'), 0) > 0,
            models = (
                SELECT json_group_array(json_object('model', name, 'version', version)) FROM (
                    SELECT DISTINCT json_extract(value, '$.name') AS name, json_extract(value, '$.version') AS version
                    FROM json_each(nodes.check_in, '$.models') WHERE json_extract(value, '$.version') IS NOT NULL ORDER BY 1, 2));

        CREATE INDEX nodes_by_filter ON nodes (id, channel, release, stale, quarantined, refusing, seen_at);
        CREATE INDEX node_keys_banned ON node_keys (node) WHERE banned_at IS NOT NULL;
        DROP INDEX nodes_by_standing;
        CREATE INDEX nodes_by_standing ON nodes (standing, seen_at, bytes) WHERE standing < 3;
        """;

    private const string Add = """
        INSERT INTO node_models (model, node, version)
        SELECT json_extract(value, '$.model'), NEW.id, json_extract(value, '$.version') FROM json_each(NEW.models) WHERE true
        ON CONFLICT DO NOTHING;
        """;

    private const string Remove = """
        DELETE FROM node_models WHERE (model, node, version) IN (
            SELECT json_extract(value, '$.model'), OLD.id, json_extract(value, '$.version') FROM json_each(OLD.models));
        """;
}
