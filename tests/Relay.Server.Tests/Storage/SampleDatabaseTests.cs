using Dapper;
using Relay.Server.Storage;
using Relay.TestKit;

namespace Relay.Server.Tests.Storage;

public sealed class SampleDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.Combine("samples.db");

    private DataFolder Folder => new(_folder.Combine("data's"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>What a relay wrote before it noted what is left of deleted samples.</summary>
    [Fact]
    public async Task Open_FileOfAnEarlierRelay_IsWrittenPurgedAndReadableForThatRelayAgain()
    {
        using (SqliteSamples earlier = SqliteSamples.Create(Path, new byte[32], Folder.Uploads))
        {
            await earlier.MaintainAsync(
                connection => connection.Execute(
                    """
                    ALTER TABLE state DROP COLUMN has_remains; ALTER TABLE state DROP COLUMN purged_at; ALTER TABLE samples DROP COLUMN is_conflict
                    """),
                Cancel);
        }

        using SqliteSamples samples = SqliteSamples.Open(Path, Folder.Uploads);
        Insert(samples, "a");
        PurgeOutcome outcome = await new SamplePurge(TimeProvider.System).RunAsync(samples, TimeSpan.Zero, Cancel);

        Assert.Equal(PurgeOutcome.Done, outcome);
        Assert.Equal((false, false), samples.Write((connection, transaction) => connection.QuerySingle<(bool, bool)>(
            "SELECT has_remains, (SELECT is_conflict FROM samples) FROM state", transaction: transaction)));
    }

    [Fact]
    public async Task Purge_TwiceWithinItsInterval_WritesTheFileOnceUnlessADeletionIsUrgent()
    {
        TestClock clock = TestClock.Running();
        SamplePurge purge = new(clock);
        using SqliteSamples samples = SqliteSamples.Create(Path, new byte[32], Folder.Uploads);
        Insert(samples, "a");
        Note(samples, isUrgent: false);
        PurgeOutcome first = await purge.RunAsync(samples, TimeSpan.FromDays(1), Cancel);
        Note(samples, isUrgent: false);
        PurgeOutcome second = await purge.RunAsync(samples, TimeSpan.FromDays(1), Cancel);
        Note(samples, isUrgent: true);
        PurgeOutcome urgent = await purge.RunAsync(samples, TimeSpan.FromDays(1), Cancel);
        Note(samples, isUrgent: false);
        clock.Set(TimeSpan.FromDays(-2));

        PurgeOutcome afterAWrongClock = await purge.RunAsync(samples, TimeSpan.FromDays(1), Cancel);

        Assert.Equal([PurgeOutcome.Done, PurgeOutcome.NotDue, PurgeOutcome.Done, PurgeOutcome.Done], [first, second, urgent, afterAWrongClock]);
    }

    /// <summary>The folder for temporary files of the system may be small, or in memory.</summary>
    [Fact]
    public async Task Purge_FileThatIsLargerThanTheCache_PutsItsTemporaryFileIntoTheDataFolder()
    {
        using SqliteSamples samples = SqliteSamples.Create(Path, new byte[32], Folder.Uploads);
        samples.Write((connection, transaction) => connection.Execute(
            """
            INSERT INTO sources (name) VALUES ('key:k');
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
            INSERT INTO samples (position, id, source, received_at, label, cells) SELECT i, i, 1, 1, NULL, randomblob(3000) FROM n
            """,
            transaction: transaction));
        Note(samples, isUrgent: true);
        await samples.MaintainAsync(connection => connection.Execute("PRAGMA cache_size = 10"), Cancel);
        using FileSystemWatcher watcher = new(Folder.Uploads);
        TaskCompletionSource created = new(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => created.TrySetResult();
        watcher.EnableRaisingEvents = true;

        PurgeOutcome outcome = await new SamplePurge(TimeProvider.System).RunAsync(samples, TimeSpan.Zero, Cancel);

        Assert.Equal(PurgeOutcome.Done, outcome);
        await created.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder.Uploads));
    }

    private static void Note(SampleDatabase samples, bool isUrgent) => samples.Write((connection, transaction) =>
    {
        SamplePurge.Note(connection, transaction, isUrgent);
        return true;
    });

    // In the words of the earlier relay.
    private static void Insert(SampleDatabase samples, string id) => samples.Write((connection, transaction) => connection.Execute(
        """
        INSERT INTO sources (name) VALUES ('key:k') ON CONFLICT DO NOTHING;
        INSERT INTO samples (position, id, source, received_at, label, cells) VALUES (1, @id, 1, 1, NULL, x'00')
        """,
        new { id }, transaction));
}
