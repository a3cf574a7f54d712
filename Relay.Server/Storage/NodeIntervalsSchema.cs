namespace Relay.Server.Storage;

/// <summary>The tables of what enrolled nodes ran: an interval in which a node reported the same, with its first and its last report. An interval
/// without an end goes on until the node's latest report, which is its last so far.</summary>
internal static class NodeIntervalsSchema
{
    /// <summary>Nothing refers to nodes: the history of a node outlives its removal.</summary>
    public const string Step = """
        CREATE TABLE node_intervals (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            node TEXT NOT NULL,
            state TEXT NOT NULL,
            from_at INTEGER NOT NULL,
            to_at INTEGER,
            removed_at INTEGER,
            public_key BLOB NOT NULL,
            bytes INTEGER NOT NULL);
        CREATE INDEX node_intervals_by_node ON node_intervals (node, from_at, id);
        CREATE INDEX node_intervals_by_number ON node_intervals (node, id);
        CREATE UNIQUE INDEX node_intervals_open ON node_intervals (node) WHERE to_at IS NULL;
        CREATE INDEX node_intervals_by_end ON node_intervals (to_at);

        CREATE TABLE interval_reports (
            interval INTEGER NOT NULL REFERENCES node_intervals (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            seen_at INTEGER NOT NULL,
            timestamp INTEGER NOT NULL,
            check_in TEXT NOT NULL,
            target TEXT NOT NULL,
            signature_input TEXT NOT NULL,
            signature TEXT NOT NULL,
            PRIMARY KEY (interval, position));
        CREATE INDEX interval_reports_by_timestamp ON interval_reports (timestamp);

        CREATE INDEX rollouts_by_salt ON rollouts (salt);
        """;
}
