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
