using Npgsql;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>The samples of a dataset in a schema: one relay writes.</summary>
public sealed class PostgresSamplesTests : IDisposable
{
    private readonly SampleServer _dataset = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _dataset.Dispose();

    [Fact]
    [Trait("Attack", "kill")]
    public void Write_AnotherRelayHasTheDatabase_StoresNothing()
    {
        using IDisposable? before = _dataset.Database.AcquireLock();
        _dataset.Insert(1, "a");
        _dataset.EndSessionOfTheLock();
        using (_dataset.Other.AcquireLock())
        {
            Assert.True(DatabaseErrors.IsUnavailable(Assert.Throws<NpgsqlException>(() => _dataset.Insert(2, "b"))));
            Assert.Throws<NpgsqlException>(() => _dataset.All.Create("b.db", new byte[32]));
            Assert.Throws<NpgsqlException>(() => _dataset.All.TryDelete("a.db"));
        }

        Assert.Equal(["a"], _dataset.ReadIds());
        Assert.Equal(["a.db"], _dataset.Other.OpenSamples(_dataset.Folder).FindNames());
        _dataset.Insert(3, "c");
        Assert.Equal(["a", "c"], _dataset.ReadIds());
    }

    /// <summary>Each looks for the lock of the relay at once: none may take the look of another one for that lock.</summary>
    [Fact]
    [Trait("Attack", "kill")]
    public async Task Write_ManyDatasetsAtOnceAfterAnotherRelayTookOver_NoneIsStored()
    {
        SampleDatabase[] all = [.. Enumerable.Range(0, 6).Select(i => _dataset.All.Create($"m{i}.db", new byte[32]))];
        using RelayLock before = RelayLock.Take(_dataset.Server);
        _dataset.Database.AcquireLock(before);
        before.Secret = ActiveRelay.Announce(_dataset.Database, new("https://10.0.0.5:60002"), TimeProvider.System).Secret;
        _dataset.EndSessionOfTheLock();
        using IDisposable? after = _dataset.Other.AcquireLock();

        // Each on a thread of its own: those of the pool are for other tests as well, and they wait.
        await Task.WhenAll(Enumerable.Range(0, 120).Select(i => Task.Factory.StartNew(
            () => Assert.Throws<NpgsqlException>(() => SampleServer.Insert(all[i % 6], i, $"{i}")),
            Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.All(all, samples => Assert.Empty(SampleServer.ReadIds(samples)));
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task AcquireLock_RelayBeforeIsInTheMiddleOfAnUpload_WaitsForIt()
    {
        using IDisposable? before = _dataset.Database.AcquireLock();
        Task<IDisposable?>? next = null;

        _dataset.Samples.Write((connection, transaction) =>
        {
            _dataset.EndSessionOfTheLock();
            next = Task.Run(() => _dataset.Other.AcquireLock(), Cancel);
            SpinWait.SpinUntil(() => next.IsCompleted || _dataset.CountLocks("locktype = 'advisory' AND NOT granted") == 1);
            Assert.False(next.IsCompleted);
            return SampleServer.Insert(connection, transaction, 1, "a");
        });

        using IDisposable? after = await next!;
        Assert.Equal(["a"], _dataset.ReadIds());
    }

    [Fact]
    public void Open_SchemaThatIsMissing_SaysWhatToDo()
    {
        SampleFileException missing = Assert.Throws<SampleFileException>(() => _dataset.All.Open("b.db"));

        Assert.Contains("restore them from a backup", missing.Message, StringComparison.Ordinal);
        Assert.Throws<SampleFileException>(() => _dataset.All.Open("b\"; DROP.db"));
    }

    [Fact]
    public void Inspect_RoleThatMayNotCreateSchemas_SaysHowToGrantIt()
    {
        string server = PostgresServer.Shared.CreateEmptyDatabase();
        PostgresServer.Shared.Execute("CREATE ROLE limited LOGIN");
        string limited = server.Replace("Username=relay", "Username=limited", StringComparison.Ordinal);

        RelayStartException refused = Assert.Throws<RelayStartException>(() => RelayDatabase.Inspect(new DataFolder(_dataset.Folder.Root, limited)));

        Assert.Contains("GRANT CREATE ON DATABASE", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_SamplesWithoutTheTablesOfARelay_IsRefused()
    {
        string server = PostgresServer.Shared.CreateEmptyDatabase();
        PostgresServer.Shared.Execute(server, "CREATE SCHEMA samples_0; COMMENT ON SCHEMA samples_0 IS 'samples of a relay, version 1'");

        RelayStartException refused = Assert.Throws<RelayStartException>(() => RelayDatabase.Inspect(new DataFolder(_dataset.Folder.Root, server)));

        Assert.Contains("samples of a relay", refused.Message, StringComparison.Ordinal);
    }
}
