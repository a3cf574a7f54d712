namespace Relay.Server.Storage;

/// <summary>The idempotency keys of a day, with what was answered; without a status, the relay did not come to an answer.</summary>
internal static class IdempotencySchema
{
    public const string Step = """
        CREATE TABLE idempotency_keys (
            api_key TEXT NOT NULL,
            key TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            at INTEGER NOT NULL,
            status INTEGER,
            content_type TEXT,
            location TEXT,
            body BLOB,
            PRIMARY KEY (api_key, key)) WITHOUT ROWID;
        CREATE INDEX idempotency_keys_by_time ON idempotency_keys (at);
        """;
}
