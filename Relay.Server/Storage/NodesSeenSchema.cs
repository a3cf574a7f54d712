namespace Relay.Server.Storage;

/// <summary>Counts nodes by the time of their latest report, so that the silent ones are counted without reading nodes. Triggers keep the counts, as
/// those of the fleet.</summary>
internal static class NodesSeenSchema
{
    /// <summary>The length of a slot of time. Within a slot, a report of a node that was seen in it writes nothing here.</summary>
    public static readonly TimeSpan Slot = TimeSpan.FromMinutes(5);

    private const string SlotMilliseconds = "300000";

    /// <summary>The step counts the nodes that there are.</summary>
    public const string Step = $"""
        CREATE TABLE nodes_seen (
            slot INTEGER PRIMARY KEY,
            nodes INTEGER NOT NULL);

        CREATE TRIGGER nodes_seen_added AFTER INSERT ON nodes
        BEGIN {Count} END;

        CREATE TRIGGER nodes_seen_removed AFTER DELETE ON nodes
        BEGIN {Discount} END;

        CREATE TRIGGER nodes_seen_again AFTER UPDATE OF seen_at ON nodes
        WHEN OLD.seen_at / {SlotMilliseconds} <> NEW.seen_at / {SlotMilliseconds}
        BEGIN {Discount} {Count} END;

        INSERT INTO nodes_seen (slot, nodes) SELECT seen_at / {SlotMilliseconds}, count(*) FROM nodes GROUP BY 1;
        """;

    /// <summary>The step leaves out banned nodes: they are silent because of the ban.</summary>
    public const string WithoutBanned = $"""
        DROP TRIGGER nodes_seen_added;
        DROP TRIGGER nodes_seen_removed;
        DROP TRIGGER nodes_seen_again;

        CREATE TRIGGER nodes_seen_added AFTER INSERT ON nodes
        WHEN NOT {NewIsBanned}
        BEGIN {Count} END;

        CREATE TRIGGER nodes_seen_removed AFTER DELETE ON nodes
        WHEN NOT {OldIsBanned}
        BEGIN {Discount} END;

        CREATE TRIGGER nodes_seen_again AFTER UPDATE OF seen_at ON nodes
        WHEN OLD.seen_at / {SlotMilliseconds} <> NEW.seen_at / {SlotMilliseconds} AND NOT {NewIsBanned}
        BEGIN {Discount} {Count} END;

        CREATE TRIGGER nodes_seen_banned AFTER UPDATE OF banned_at ON node_keys
        WHEN OLD.banned_at IS NULL AND NEW.banned_at IS NOT NULL
        BEGIN
            UPDATE nodes_seen SET nodes = nodes - 1 WHERE slot = (SELECT seen_at / {SlotMilliseconds} FROM nodes WHERE id = NEW.node);
            DELETE FROM nodes_seen WHERE nodes = 0;
        END;

        CREATE TRIGGER nodes_seen_unbanned AFTER UPDATE OF banned_at ON node_keys
        WHEN OLD.banned_at IS NOT NULL AND NEW.banned_at IS NULL
        BEGIN {CountOfKey} END;

        CREATE TRIGGER nodes_seen_key_removed AFTER DELETE ON node_keys
        WHEN OLD.banned_at IS NOT NULL
        BEGIN {CountOfKey} END;

        DELETE FROM nodes_seen;
        INSERT INTO nodes_seen (slot, nodes)
        SELECT seen_at / {SlotMilliseconds}, count(*) FROM nodes
        WHERE id NOT IN (SELECT node FROM node_keys WHERE banned_at IS NOT NULL) GROUP BY 1;
        """;

    private const string NewIsBanned = "EXISTS (SELECT 1 FROM node_keys WHERE node = NEW.id AND banned_at IS NOT NULL)";
    private const string OldIsBanned = "EXISTS (SELECT 1 FROM node_keys WHERE node = OLD.id AND banned_at IS NOT NULL)";

    private const string CountOfKey = $"""
        INSERT INTO nodes_seen (slot, nodes) SELECT seen_at / {SlotMilliseconds}, 1 FROM nodes WHERE id = OLD.node
        ON CONFLICT (slot) DO UPDATE SET nodes = nodes + 1;
        """;

    private const string Count = $"""
        INSERT INTO nodes_seen (slot, nodes) VALUES (NEW.seen_at / {SlotMilliseconds}, 1)
        ON CONFLICT (slot) DO UPDATE SET nodes = nodes + 1;
        """;

    private const string Discount = $"""
        UPDATE nodes_seen SET nodes = nodes - 1 WHERE slot = OLD.seen_at / {SlotMilliseconds};
        DELETE FROM nodes_seen WHERE nodes = 0 AND slot = OLD.seen_at / {SlotMilliseconds};
        """;

    /// <summary>The slot of an instant.</summary>
    public static long SlotOf(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds() / (long)Slot.TotalMilliseconds;
}
