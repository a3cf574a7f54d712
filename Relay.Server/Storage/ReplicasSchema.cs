namespace Relay.Server.Storage;

/// <summary>The relay that works, of several on one database: where the others send what they are asked, and the secret by which it knows them.
/// A relay that is alone leaves the table empty.</summary>
internal static class ReplicasSchema
{
    public const string Step = """
        CREATE TABLE active_relay (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            address TEXT NOT NULL,
            secret TEXT NOT NULL,
            since INTEGER NOT NULL);
        """;
}
