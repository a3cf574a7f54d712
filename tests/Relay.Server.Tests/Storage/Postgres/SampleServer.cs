using System.Data.Common;
using Dapper;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Relay.TestKit;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>A database with one dataset, and a second relay that could take it.</summary>
internal sealed class SampleServer : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SampleServer()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        Server = PostgresServer.Shared.CreateDatabase();
        Database = PostgresDatabase.Create(Server);
        Other = PostgresDatabase.Create(Server);
        Samples = All.Create("a.db", new byte[32]);
    }

    public string Server { get; }

    public PostgresDatabase Database { get; }

    public PostgresDatabase Other { get; }

    public SampleDatabase Samples { get; }

    public DataFolder Folder => new(_folder.Combine("data"), Server);

    public SampleDatabases All => Database.OpenSamples(Folder);

    public bool HasBytes(string text) => PostgresServer.Shared.HasBytes(Server, text);

    public void Insert(int position, string id) => Insert(Samples, position, id);

    public static void Insert(SampleDatabase samples, int position, string id) =>
        samples.Write((connection, transaction) => Insert(connection, transaction, position, id));

    public static int Insert(DbConnection connection, DbTransaction transaction, int position, string id) => connection.Execute(
        "INSERT INTO samples (position, id, source, received_at, cells) VALUES (@position, @id, 1, 1, @cells)",
        new { position, id, cells = new byte[1] }, transaction);

    public void Forget(string id) => Samples.Write((connection, transaction) =>
    {
        SamplePurge.Note(connection, transaction, isUrgent: true);
        return connection.Execute("DELETE FROM samples WHERE id = @id", new { id }, transaction);
    });

    public string[] ReadIds() => ReadIds(Samples);

    public static string[] ReadIds(SampleDatabase samples)
    {
        using DbConnection connection = samples.OpenForReads();
        return [.. connection.Query<string>("SELECT id FROM samples ORDER BY position")];
    }

    /// <summary>As an administrator does.</summary>
    public void EndSessionOfTheLock()
    {
        using DbConnection connection = PostgresDatabase.Connect(Server);
        connection.Execute(
            """
            SELECT pg_terminate_backend(pid, 10000) FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock'
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            GROUP BY pid HAVING count(*) = 2
            """);
    }

    public long CountLocks(string condition)
    {
        using DbConnection connection = PostgresDatabase.Connect(Server);
        return connection.ExecuteScalar<long>(
            $"SELECT count(*) FROM pg_locks WHERE {condition} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
    }

    public void Dispose()
    {
        Database.Dispose();
        Other.Dispose();
        _folder.Dispose();
    }
}
