namespace Relay.Server.Storage;

/// <summary>The runs of other processes that want their rows from the relay that works, which alone opens the files of datasets: the folder of the
/// process that has the run, and what came of it, as JSON; null until the rows are there.</summary>
internal static class RowRequestsSchema
{
    public const string Step = """
        CREATE TABLE row_requests (
            run INTEGER PRIMARY KEY,
            folder TEXT NOT NULL,
            answer TEXT);
        """;
}
