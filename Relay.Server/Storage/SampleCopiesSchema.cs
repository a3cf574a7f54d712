namespace Relay.Server.Storage;

/// <summary>The copies of samples that processes which train have, in folders of their own that may be on other machines: a request to forget a
/// sample finds them here. They took their rows from the relay before, which had them as files.</summary>
internal static class SampleCopiesSchema
{
    public const string Step = """
        DROP TABLE row_requests;
        CREATE TABLE sample_copies (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            folder TEXT NOT NULL,
            dataset TEXT NOT NULL,
            began_at INTEGER NOT NULL);
        """;
}
