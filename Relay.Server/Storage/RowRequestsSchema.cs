namespace Relay.Server.Storage;

/// <summary>What processes that train wanted of the relay that works, while only that could read samples. <see cref="SampleCopiesSchema"/> ends
/// it.</summary>
internal static class RowRequestsSchema
{
    public const string Step = """
        CREATE TABLE row_requests (
            run INTEGER PRIMARY KEY,
            folder TEXT NOT NULL,
            answer TEXT);
        """;
}
