using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Identity;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Fleet;

public sealed partial class NodeStoreTests : IDisposable
{
    private const int Nodes = 5;
    private readonly TemporaryFolder _folder = new();
    private readonly RelayDatabase _database;
    private readonly DatabaseWriter _writer;
    private readonly NodeKeys _keys;
    private readonly TestClock _clock = new();
    private NodeStore _store;

    public NodeStoreTests()
    {
        _database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));
        _writer = new DatabaseWriter(_database);
        _keys = new NodeKeys(_database);
        _store = Open(new NodeLimits(Nodes));
    }

    [Fact]
    [Trait("Attack", "made-up-nodes")]
    public async Task Store_ManyMadeUpNodes_NeverLockOutANodeThatReportedForADay()
    {
        await StoreAsync("real-1", "real-2");
        _clock.Advance(TimeSpan.FromDays(1));
        await StoreAsync("real-1", "real-2");
        for (int i = 0; i < 50; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await StoreAsync($"made-up-{i}");
        }

        await StoreAsync("real-1", "real-2", "newcomer");

        Assert.Equal(["made-up-48", "made-up-49", "newcomer", "real-1", "real-2"], Names());
        Assert.Equal([null, null, null, true, true], _store.List(null, null, 10).Select(node => node.Established is true ? true : (bool?)null));
    }

    [Fact]
    public async Task Store_ObserverThatThrows_StoresAndSaysSoOnce()
    {
        TestLogger<NodeStore> log = new();
        _store = new NodeStore(_database, _writer, _keys, new NodeLimits(Nodes), _clock, [new ThrowingObserver()], log: log);

        await StoreAsync("one", "two");

        Assert.Equal(["one", "two"], Names());
        Assert.Equal(LogLevel.Error, Assert.Single(log.Entries).Level);
    }

    [Fact]
    public async Task Store_NodeThatCameBack_OutlivesNodesThatReportedOnce()
    {
        await StoreAsync("back");
        _clock.Advance(TimeSpan.FromMinutes(5));
        await StoreAsync("back");
        for (int i = 0; i < 20; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await StoreAsync($"once-{i}");
        }

        Assert.Contains("back", Names());
    }

    [Fact]
    public async Task Store_EveryPlaceTakenByEstablishedNodes_RefusesNewOnesOnlyAndUntilOneIsRemoved()
    {
        string[] real = [.. Enumerable.Range(0, Nodes).Select(i => $"real-{i}")];
        await StoreAsync(real);
        _clock.Advance(TimeSpan.FromDays(1));
        await StoreAsync(real);

        Assert.Equal(CheckInOutcome.FleetFull, (await _store.StoreAsync(Reports.Valid("newcomer"))).Outcome);
        Assert.Equal(CheckInOutcome.Stored, (await _store.StoreAsync(Reports.Valid("real-3"))).Outcome);
        Assert.True(await _store.RemoveAsync("real-3"));
        Assert.False(await _store.RemoveAsync("real-3"));
        Assert.Equal(CheckInOutcome.Stored, (await _store.StoreAsync(Reports.Valid("newcomer"))).Outcome);
    }

    [Fact]
    public async Task Store_NodesThatStaySilent_AgeOutUnlessTheyAreEstablished()
    {
        await StoreAsync("real", "made-up");
        _clock.Advance(TimeSpan.FromDays(1));
        await StoreAsync("real");
        _clock.Advance(TimeSpan.FromDays(400));
        await StoreAsync("newcomer");

        Assert.Equal(["newcomer", "real"], Names());
    }

    [Fact]
    public async Task RemoveUnseen_SparesEstablishedNodesUnlessAsked()
    {
        await StoreAsync("real");
        _clock.Advance(TimeSpan.FromDays(1));
        await StoreAsync("real", "made-up");
        _clock.Advance(TimeSpan.FromHours(1));
        await StoreAsync("newcomer");
        DateTimeOffset before = _clock.GetUtcNow() - TimeSpan.FromMinutes(30);

        Assert.Equal(1, await _store.RemoveUnseenAsync(before, established: false));
        Assert.Equal(["newcomer", "real"], Names());
        Assert.Equal(1, await _store.RemoveUnseenAsync(before, established: true));
        Assert.Equal(["newcomer"], Names());
    }

    [Fact]
    public async Task Write_OneOfABatchFails_TakesNoOtherWithIt()
    {
        using DbConnection blocker = _database.Open();
        blocker.HoldWriters();
        Task<bool> first = StoreOneAsync("a");
        Task<int> failing = _writer.WriteAsync<int>((_, _) => throw new InvalidOperationException());
        Task<bool> last = StoreOneAsync("b");
        blocker.EndWait();

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        Assert.True(await first && await last);
        Assert.Equal(["a", "b"], Names());
    }

    public void Dispose()
    {
        _writer.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    private NodeStore Open(NodeLimits limits) => new(_database, _writer, _keys, limits, _clock);

    private Task<CheckInSignature> EnrollAsync(string node) => EnrolledNode.CreateAsync(node, _database, _writer, _store.Limits, _clock);

    private async Task StoreAsync(params string[] nodes)
    {
        foreach (string node in nodes)
        {
            Assert.True(await StoreOneAsync(node));
        }
    }

    private async Task<bool> StoreOneAsync(string node) => (await _store.StoreAsync(Reports.Valid(node))).Outcome == CheckInOutcome.Stored;

    private string[] Names() => [.. _store.List(null, null, 100).Select(node => node.Id)];

    private sealed class ThrowingObserver : ICheckInObserver
    {
        public void Observe(DbConnection connection, DbTransaction transaction, CheckIn report, bool isSigned, long now) =>
            throw new InvalidOperationException("an observer's own fault");

        public void Stored(CheckIn report) => throw new InvalidOperationException("an observer's own fault");
    }
}
