using Relay.Server.Storage.Postgres;

namespace Relay.Server.Storage;

/// <summary>What messages call the database of a folder.</summary>
internal static class DatabaseNames
{
    /// <param name="isFirst">True at the beginning of a sentence.</param>
    public static string Find(DataFolder folder, bool isFirst = false) =>
        $"{(isFirst ? "The" : "the")} database {(folder.Server is { } server ? PostgresSettings.Describe(server) : DataFolder.DatabaseName)}";
}
