namespace Relay.Server.Storage;

/// <summary>The tables that count the fleet. Triggers keep the counts of nodes: whatever writes or removes a node, in whatever way, its
/// counts change in the same transaction.</summary>
internal static class FleetCountsSchema
{
    /// <summary>Nodes have what they count for (<c>NodeCounts</c> as JSON), and the id of their last usage window. The step counts the nodes that
    /// there are, by their latest reports.</summary>
    public const string Step = $"""
        ALTER TABLE nodes ADD COLUMN fleet TEXT;
        ALTER TABLE nodes ADD COLUMN last_window INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE fleet_counts (
            channel TEXT NOT NULL,
            release INTEGER NOT NULL,
            standing INTEGER NOT NULL,
            nodes INTEGER NOT NULL,
            stale INTEGER NOT NULL,
            quarantined INTEGER NOT NULL,
            PRIMARY KEY (channel, release, standing)) WITHOUT ROWID;

        CREATE TABLE fleet_versions (
            model TEXT NOT NULL,
            version INTEGER NOT NULL,
            nodes INTEGER NOT NULL,
            PRIMARY KEY (model, version)) WITHOUT ROWID;

        CREATE TRIGGER fleet_node_added AFTER INSERT ON nodes WHEN NEW.fleet IS NOT NULL
        BEGIN {Count} END;

        CREATE TRIGGER fleet_node_removed AFTER DELETE ON nodes WHEN OLD.fleet IS NOT NULL
        BEGIN {Discount} END;

        CREATE TRIGGER fleet_node_changed AFTER UPDATE OF fleet, standing ON nodes
        WHEN NEW.fleet IS NOT NULL AND (OLD.fleet IS NOT NEW.fleet OR OLD.standing <> NEW.standing)
        BEGIN {Discount} {Count} END;

        UPDATE nodes SET fleet = json_object(
            'channel', json_extract(check_in, '$.channel'),
            'release', json_extract(check_in, '$.release'),
            'stale', json_extract(check_in, '$.stale'),
            'quarantined', json_array_length(check_in, '$.quarantine') > 0,
            'models', (
                SELECT json_group_array(json_object('model', model, 'version', version)) FROM (
                    SELECT DISTINCT known.model, known.version
                    FROM json_each(nodes.check_in, '$.models') AS active
                    JOIN model_versions AS known
                        ON known.model = json_extract(active.value, '$.name') AND known.version = json_extract(active.value, '$.version'))));

        CREATE TABLE usage_hours (
            hour INTEGER NOT NULL,
            release INTEGER NOT NULL,
            model TEXT NOT NULL,
            version INTEGER NOT NULL,
            cohort INTEGER NOT NULL,
            windows INTEGER NOT NULL,
            calls INTEGER NOT NULL,
            rows INTEGER NOT NULL,
            failures INTEGER NOT NULL,
            caller_faults INTEGER NOT NULL,
            bins BLOB NOT NULL,
            PRIMARY KEY (hour, release, model, version, cohort)) WITHOUT ROWID;

        CREATE TABLE refusal_hours (
            hour INTEGER NOT NULL,
            cohort INTEGER NOT NULL,
            reason TEXT NOT NULL,
            refusals INTEGER NOT NULL,
            PRIMARY KEY (hour, cohort, reason)) WITHOUT ROWID;

        CREATE TABLE report_hours (
            hour INTEGER NOT NULL,
            cohort INTEGER NOT NULL,
            windows INTEGER NOT NULL,
            quarantines INTEGER NOT NULL,
            PRIMARY KEY (hour, cohort)) WITHOUT ROWID;
        """;

    // A row has a channel, a release and a standing that some node has: the others go.
    private const string Count = """
        INSERT INTO fleet_counts (channel, release, standing, nodes, stale, quarantined)
        VALUES (
            json_extract(NEW.fleet, '$.channel'), json_extract(NEW.fleet, '$.release'), NEW.standing,
            1, json_extract(NEW.fleet, '$.stale'), json_extract(NEW.fleet, '$.quarantined'))
        ON CONFLICT (channel, release, standing) DO UPDATE SET
            nodes = nodes + 1, stale = stale + excluded.stale, quarantined = quarantined + excluded.quarantined;
        INSERT INTO fleet_versions (model, version, nodes)
        SELECT json_extract(value, '$.model'), json_extract(value, '$.version'), 1 FROM json_each(NEW.fleet, '$.models') WHERE true
        ON CONFLICT (model, version) DO UPDATE SET nodes = nodes + 1;
        """;

    private const string Discount = """
        UPDATE fleet_counts SET
            nodes = nodes - 1,
            stale = stale - json_extract(OLD.fleet, '$.stale'),
            quarantined = quarantined - json_extract(OLD.fleet, '$.quarantined')
        WHERE channel = json_extract(OLD.fleet, '$.channel')
            AND release = json_extract(OLD.fleet, '$.release') AND standing = OLD.standing;
        DELETE FROM fleet_counts
        WHERE nodes = 0 AND channel = json_extract(OLD.fleet, '$.channel')
            AND release = json_extract(OLD.fleet, '$.release') AND standing = OLD.standing;
        UPDATE fleet_versions SET nodes = nodes - 1 WHERE (model, version) IN (
            SELECT json_extract(value, '$.model'), json_extract(value, '$.version') FROM json_each(OLD.fleet, '$.models'));
        DELETE FROM fleet_versions WHERE nodes = 0 AND (model, version) IN (
            SELECT json_extract(value, '$.model'), json_extract(value, '$.version') FROM json_each(OLD.fleet, '$.models'));
        """;
}
