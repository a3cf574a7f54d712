namespace Relay.Server.Storage.Postgres;

/// <summary>The functions of SQLite that texts of SQL use, by the same names, and the triggers of schema 19 as those of SQLite are.</summary>
internal static class PostgresFunctions
{
    /// <summary>A report may have the escape of the character 0, which is no text to PostgreSQL.</summary>
    public const string OfSqlite = """
        CREATE FUNCTION relay_json(document TEXT) RETURNS JSONB LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT replace(document, '\u0000', '\ufffd')::jsonb
        $$;

        CREATE FUNCTION json_extract(document TEXT, path TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT relay_json(document) #>> string_to_array(substr(path, 3), '.')
        $$;

        CREATE FUNCTION json_each(document TEXT, path TEXT) RETURNS TABLE (value TEXT) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT element::text FROM jsonb_array_elements(
                CASE jsonb_typeof(relay_json(document) #> string_to_array(substr(path, 3), '.'))
                    WHEN 'array' THEN relay_json(document) #> string_to_array(substr(path, 3), '.')
                    ELSE '[]'::jsonb
                END) AS element
        $$;

        CREATE FUNCTION instr(whole TEXT, part TEXT) RETURNS INTEGER LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT strpos(whole, part)
        $$;
        """;

    /// <summary>Nodes are removed by the thousand: what removes them is counted once for the statement. A count that one transaction changes again
    /// and again has as many versions, and PostgreSQL passes all of them each time.</summary>
    public const string Triggers = """
        CREATE FUNCTION refuse_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% takes new rows only', TG_TABLE_NAME;
        END
        $$;

        CREATE TRIGGER audit_log_update BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER audit_log_delete BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER audit_log_truncate BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER alias_changes_update BEFORE UPDATE ON alias_changes FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER alias_changes_delete BEFORE DELETE ON alias_changes FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER alias_changes_truncate BEFORE TRUNCATE ON alias_changes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

        CREATE FUNCTION count_in_fleet() RETURNS TRIGGER LANGUAGE plpgsql AS $$
        DECLARE
            entry JSONB;
        BEGIN
            IF TG_OP = 'UPDATE' AND OLD.fleet IS NOT NULL THEN
                entry := OLD.fleet::jsonb;
                UPDATE fleet_counts SET
                    nodes = nodes - 1, stale = stale - (entry ->> 'stale')::boolean::integer,
                    quarantined = quarantined - (entry ->> 'quarantined')::boolean::integer
                WHERE channel = entry ->> 'channel' AND release = (entry ->> 'release')::bigint AND standing = OLD.standing;
                DELETE FROM fleet_counts
                WHERE nodes = 0 AND channel = entry ->> 'channel' AND release = (entry ->> 'release')::bigint AND standing = OLD.standing;
                UPDATE fleet_versions SET nodes = nodes - 1 WHERE (model, version) IN (
                    SELECT known ->> 'model', (known ->> 'version')::bigint FROM jsonb_array_elements(entry -> 'models') AS known);
                DELETE FROM fleet_versions WHERE nodes = 0 AND (model, version) IN (
                    SELECT known ->> 'model', (known ->> 'version')::bigint FROM jsonb_array_elements(entry -> 'models') AS known);
            END IF;
            entry := NEW.fleet::jsonb;
            INSERT INTO fleet_counts (channel, release, standing, nodes, stale, quarantined)
            VALUES (
                entry ->> 'channel', (entry ->> 'release')::bigint, NEW.standing,
                1, (entry ->> 'stale')::boolean::integer, (entry ->> 'quarantined')::boolean::integer)
            ON CONFLICT (channel, release, standing) DO UPDATE SET
                nodes = fleet_counts.nodes + 1, stale = fleet_counts.stale + excluded.stale,
                quarantined = fleet_counts.quarantined + excluded.quarantined;
            INSERT INTO fleet_versions (model, version, nodes)
            SELECT known ->> 'model', (known ->> 'version')::bigint, 1 FROM jsonb_array_elements(entry -> 'models') AS known
            ON CONFLICT (model, version) DO UPDATE SET nodes = fleet_versions.nodes + 1;
            RETURN NULL;
        END
        $$;

        CREATE TRIGGER fleet_node_added AFTER INSERT ON nodes FOR EACH ROW
        WHEN (NEW.fleet IS NOT NULL) EXECUTE FUNCTION count_in_fleet();
        CREATE TRIGGER fleet_node_changed AFTER UPDATE OF fleet, standing ON nodes FOR EACH ROW
        WHEN (NEW.fleet IS NOT NULL AND (OLD.fleet IS DISTINCT FROM NEW.fleet OR OLD.standing <> NEW.standing))
        EXECUTE FUNCTION count_in_fleet();

        CREATE FUNCTION discount_in_fleet() RETURNS TRIGGER LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE fleet_counts SET
                nodes = fleet_counts.nodes - gone.nodes, stale = fleet_counts.stale - gone.stale,
                quarantined = fleet_counts.quarantined - gone.quarantined
            FROM (
                SELECT entry ->> 'channel' AS channel, (entry ->> 'release')::bigint AS release, standing, count(*) AS nodes,
                    sum((entry ->> 'stale')::boolean::integer) AS stale, sum((entry ->> 'quarantined')::boolean::integer) AS quarantined
                FROM (SELECT fleet::jsonb AS entry, standing FROM removed WHERE fleet IS NOT NULL) AS entries GROUP BY 1, 2, 3) AS gone
            WHERE fleet_counts.channel = gone.channel AND fleet_counts.release = gone.release AND fleet_counts.standing = gone.standing;
            DELETE FROM fleet_counts WHERE nodes = 0;
            UPDATE fleet_versions SET nodes = fleet_versions.nodes - gone.nodes
            FROM (
                SELECT known ->> 'model' AS model, (known ->> 'version')::bigint AS version, count(*) AS nodes
                FROM removed, jsonb_array_elements(removed.fleet::jsonb -> 'models') AS known GROUP BY 1, 2) AS gone
            WHERE fleet_versions.model = gone.model AND fleet_versions.version = gone.version;
            DELETE FROM fleet_versions WHERE nodes = 0;
            RETURN NULL;
        END
        $$;

        CREATE TRIGGER fleet_node_removed AFTER DELETE ON nodes REFERENCING OLD TABLE AS removed
        FOR EACH STATEMENT EXECUTE FUNCTION discount_in_fleet();
        """;

    /// <summary>The same for the counts of nodes by the time of their latest report.</summary>
    public const string SeenTriggers = """
        CREATE FUNCTION count_seen(of_slot BIGINT, change BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
        BEGIN
            IF change > 0 THEN
                INSERT INTO nodes_seen (slot, nodes) VALUES (of_slot, change)
                ON CONFLICT (slot) DO UPDATE SET nodes = nodes_seen.nodes + change;
            ELSE
                UPDATE nodes_seen SET nodes = nodes + change WHERE slot = of_slot;
                DELETE FROM nodes_seen WHERE nodes = 0 AND slot = of_slot;
            END IF;
        END
        $$;

        CREATE FUNCTION count_seen_node() RETURNS TRIGGER LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM node_keys WHERE node = NEW.id AND banned_at IS NOT NULL) THEN
                IF TG_OP = 'UPDATE' THEN
                    PERFORM count_seen(OLD.seen_at / 300000, -1);
                END IF;
                PERFORM count_seen(NEW.seen_at / 300000, 1);
            END IF;
            RETURN NULL;
        END
        $$;

        CREATE TRIGGER nodes_seen_added AFTER INSERT ON nodes FOR EACH ROW EXECUTE FUNCTION count_seen_node();
        CREATE TRIGGER nodes_seen_again AFTER UPDATE OF seen_at ON nodes FOR EACH ROW
        WHEN (OLD.seen_at / 300000 <> NEW.seen_at / 300000) EXECUTE FUNCTION count_seen_node();

        CREATE FUNCTION discount_seen_nodes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM count_seen(slot, -nodes) FROM (
                SELECT seen_at / 300000 AS slot, count(*) AS nodes FROM removed
                WHERE NOT EXISTS (SELECT 1 FROM node_keys WHERE node = removed.id AND banned_at IS NOT NULL) GROUP BY 1) AS gone;
            RETURN NULL;
        END
        $$;

        CREATE TRIGGER nodes_seen_removed AFTER DELETE ON nodes REFERENCING OLD TABLE AS removed
        FOR EACH STATEMENT EXECUTE FUNCTION discount_seen_nodes();

        CREATE FUNCTION count_banned_node() RETURNS TRIGGER LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM count_seen(seen_at / 300000, CASE WHEN TG_ARGV[0] = 'banned' THEN -1 ELSE 1 END) FROM nodes WHERE id = OLD.node;
            RETURN NULL;
        END
        $$;

        CREATE TRIGGER nodes_seen_banned AFTER UPDATE OF banned_at ON node_keys FOR EACH ROW
        WHEN (OLD.banned_at IS NULL AND NEW.banned_at IS NOT NULL) EXECUTE FUNCTION count_banned_node('banned');
        CREATE TRIGGER nodes_seen_unbanned AFTER UPDATE OF banned_at ON node_keys FOR EACH ROW
        WHEN (OLD.banned_at IS NOT NULL AND NEW.banned_at IS NULL) EXECUTE FUNCTION count_banned_node('unbanned');
        CREATE TRIGGER nodes_seen_key_removed AFTER DELETE ON node_keys FOR EACH ROW
        WHEN (OLD.banned_at IS NOT NULL) EXECUTE FUNCTION count_banned_node('unbanned');
        """;
}
