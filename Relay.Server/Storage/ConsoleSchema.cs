namespace Relay.Server.Storage;

/// <summary>The sessions of the console. A row has the hash of the secret that the browser has.</summary>
internal static class ConsoleSchema
{
    public const string Step = """
        CREATE TABLE console_sessions (
            hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
            actor TEXT NOT NULL,
            name TEXT NOT NULL,
            roles TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL);
        """;
}
