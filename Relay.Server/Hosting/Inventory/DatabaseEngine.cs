using Relay.Server.Storage;

namespace Relay.Server.Hosting.Inventory;

/// <summary>Which engine has the rows of a data folder. One that a command names wrongly is no lost database: it is never replaced.</summary>
internal static class DatabaseEngine
{
    /// <summary>The name of PostgreSQL in the manifest; SQLite has none.</summary>
    public const string Postgres = "postgresql";

    /// <summary>What is wrong with the engine that a command names for a folder; null when nothing is.</summary>
    /// <exception cref="IOException">The manifest is there and cannot be read.</exception>
    public static string? FindError(DataFolder folder) => FindError(folder, new ManifestStore(folder).Read());

    public static string? FindError(DataFolder folder, RelayManifest? manifest) => (folder.Server, manifest?.Engine) switch
    {
        (null, Postgres) =>
            $"The rows of the relay in '{folder.Root}' are in PostgreSQL: name their database by --database or --database-file.",
        (not null, not Postgres) when manifest is { Database: not 0 } || HasRows(folder.Database) =>
            $"The rows of the relay in '{folder.Root}' are in {DataFolder.DatabaseName}: leave out --database, or move them by 'relay backup' and "
            + "'relay restore' into a new folder with --database.",
        _ => null,
    };

    private static bool HasRows(string file) => new FileInfo(file) is { Exists: true, Length: > 0 };
}
