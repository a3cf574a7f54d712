using System.Collections.Concurrent;
using Relay.Server.Storage;

namespace Relay.TestKit.Databases;

/// <summary>The database of each data folder of a test: an SQLite file in it, or, where the environment says
/// RELAY_TEST_DATABASE=postgres, a database of <see cref="PostgresServer.Shared"/>.</summary>
public static class TestDatabases
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Servers = new(StringComparer.Ordinal);

    /// <summary>True when tests run on PostgreSQL.</summary>
    public static bool IsPostgres { get; } = Environment.GetEnvironmentVariable("RELAY_TEST_DATABASE") == "postgres";

    /// <summary>The connection string for a data folder; null for SQLite.</summary>
    public static string? FindServer(string root) => IsPostgres
        ? Servers.GetOrAdd(Path.GetFullPath(root), _ => new(PostgresServer.Shared.CreateDatabase)).Value
        : null;

    /// <summary>The options of commands for a data folder.</summary>
    public static string[] ArgumentsFor(string root) => FindServer(root) is { } server ? ["--database", server] : [];

    /// <summary>A data folder with its database.</summary>
    internal static DataFolder Open(string root) => new(root, FindServer(root));
}
