using System.Data;
using System.Data.Common;
using Dapper;
using Relay.Server.Storage;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>What is left of samples that were deleted, in all files of the server.</summary>
public sealed class PostgresPurgeTests : IDisposable
{
    private const string Secret = "what-a-person-did-6b1f";
    private readonly SampleServer _dataset = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _dataset.Dispose();

    /// <summary>Someone else's old state keeps what was deleted alive: <c>VACUUM FULL</c> would copy it.</summary>
    [Fact]
    [Trait("Attack", "samples-remains")]
    public async Task Purge_AnOlderStateOfTheDatabaseIsOpen_LeavesNoByteInTheFilesOfTheServer()
    {
        _dataset.Insert(1, Secret);
        _dataset.Insert(2, "stays");
        PostgresServer.Shared.Execute(_dataset.Server, "ANALYZE");
        Assert.True(_dataset.HasBytes(Secret));
        using DbConnection older = _dataset.Other.Open();
        using DbTransaction snapshot = older.BeginTransaction(IsolationLevel.RepeatableRead);
        older.ExecuteScalar<long>("SELECT count(*) FROM models", transaction: snapshot);

        _dataset.Forget(Secret);
        PurgeOutcome outcome = await PurgeAsync();

        Assert.Equal(PurgeOutcome.Done, outcome);
        Assert.Equal(["stays"], _dataset.ReadIds());
        Assert.False(_dataset.HasBytes(Secret));
        _dataset.Insert(3, "later");
        Assert.Equal(["stays", "later"], _dataset.ReadIds());
    }

    [Fact]
    [Trait("Attack", "samples-remains")]
    public async Task Purge_WhileSomeoneReads_SaysSoAndEndsAfterwards()
    {
        _dataset.Insert(1, Secret);
        using (DbConnection connection = _dataset.Samples.OpenForReads())
        using (DbTransaction reading = _dataset.Samples.BeginRead(connection))
        {
            _dataset.Forget(Secret);
            Assert.Equal(PurgeOutcome.BeingRead, await PurgeAsync());
            Assert.False(_dataset.All.TryDelete("a.db"));
        }

        Assert.Equal(PurgeOutcome.Done, await PurgeAsync());
        Assert.False(_dataset.HasBytes(Secret));
    }

    /// <summary>It waits for the tables while they are written anew, and would see empty ones if it had fixed what it sees before.</summary>
    [Fact]
    public async Task BeginRead_WhileTheTablesAreWrittenAnew_SeesAllThatStays()
    {
        _dataset.Insert(1, "stays");
        _dataset.Forget("none");
        using CancellationTokenSource end = new();
        Task purges = Task.Run(
            async () =>
            {
                while (!end.IsCancellationRequested)
                {
                    _dataset.Forget("none");
                    await PurgeAsync();
                }
            }, Cancel);

        for (int read = 0; read < 100; read++)
        {
            using DbConnection connection = _dataset.Samples.OpenForReads();
            using DbTransaction reading = _dataset.Samples.BeginRead(connection);
            Assert.Equal("stays", connection.QuerySingle<string>("SELECT id FROM samples", transaction: reading));
        }

        await end.CancelAsync();
        await purges;
    }

    private Task<PurgeOutcome> PurgeAsync() => _dataset.Samples.PurgeAsync(_ => true, 1, Cancel);
}
