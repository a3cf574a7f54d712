namespace Relay.Server.Storage;

/// <summary>Webhooks with the end of what they received, the events that they receive, and what was last seen of states that have no table of
/// their own, so that a change of them becomes one event.</summary>
internal static class WebhooksSchema
{
    public const string Step = """
        CREATE TABLE webhooks (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            url TEXT NOT NULL,
            events TEXT NOT NULL,
            secret BLOB NOT NULL CHECK (length(secret) = 32),
            created_at INTEGER NOT NULL,
            created_by TEXT,
            state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'failing')),
            position INTEGER NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0,
            failing_since INTEGER,
            next_at INTEGER,
            last_at INTEGER,
            last_event TEXT,
            last_status INTEGER,
            last_error TEXT);

        CREATE TABLE webhook_events (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL,
            type TEXT NOT NULL,
            subject TEXT NOT NULL,
            at INTEGER NOT NULL,
            data TEXT NOT NULL);
        CREATE INDEX webhook_events_by_type ON webhook_events (type, sequence);

        CREATE TABLE webhook_marks (
            kind TEXT NOT NULL,
            item TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (kind, item)) WITHOUT ROWID;
        """;
}
