using System.Data.Common;
using System.Text.Json;
using Dapper;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Identity;
using Relay.Server.Fleet.Intervals;
using Relay.Server.Repository.GarbageCollection;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Fleet.Intervals;

public sealed class IntervalTableTests : IDisposable
{
    private const string Node = "n";
    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();
    private readonly RelayDatabase _database;
    private readonly DatabaseWriter _writer;
    private readonly NodeStore _store;
    private readonly IntervalStore _intervals;
    private string _identity = "";
    private long _sequence;

    public IntervalTableTests()
    {
        _database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));
        _writer = new DatabaseWriter(_database);
        NodeLimits limits = new(10);
        _store = new NodeStore(_database, _writer, new NodeKeys(_database), limits, _clock);
        _intervals = new IntervalStore(_database, limits, _clock);
        Enroll();
    }

    [Fact]
    public async Task Add_TheSameStateAgainAndAgain_IsOneIntervalWithItsFirstReport()
    {
        for (int i = 0; i < 50; i++)
        {
            await ReportAsync(release: 1, minutes: 5);
        }

        StoredInterval interval = Assert.Single(_intervals.List(Node, null, 10));
        Assert.Equal((49 * 5, true), ((interval.ToAt - interval.FromAt) / 60_000, interval.IsOpen));
        Assert.Single(_intervals.ReadReports(interval.Id));
    }

    [Fact]
    public async Task Add_AnotherState_EndsTheIntervalWithItsLastReport()
    {
        await ReportAsync(release: 1, minutes: 5);
        await ReportAsync(release: 1, minutes: 5);
        await ReportAsync(release: 2, minutes: 5);

        StoredInterval[] found = [.. _intervals.List(Node, null, 10)];
        Assert.Equal([2, 1], found.Select(interval => ReleaseOf(_intervals.ReadReports(interval.Id)[0])));
        Assert.Equal([found[1].FromAt, found[1].ToAt], _intervals.ReadReports(found[1].Id).Select(report => report.SeenAt));
        Assert.Equal(5 * 60_000, found[0].FromAt - found[1].ToAt);
    }

    [Fact]
    public async Task Add_AfterASilence_IsAnotherIntervalThoughNothingChanged()
    {
        await ReportAsync(release: 1, minutes: 15);
        await ReportAsync(release: 1, minutes: 16);
        await ReportAsync(release: 1, minutes: 0);

        Assert.Equal(2, _intervals.List(Node, null, 10).Count);
    }

    [Fact]
    public async Task Add_LongerThanADay_KeepsASignedReportOfEachDay()
    {
        for (int i = 0; i < 3 * 24 * 6; i++)
        {
            await ReportAsync(release: 1, minutes: 10);
        }

        Assert.Equal(3, _intervals.List(Node, null, 10).Count);
    }

    [Fact]
    public async Task Add_ClockOfTheRelaySetBack_StartsAnotherInterval()
    {
        await ReportAsync(release: 1, minutes: -30);
        await ReportAsync(release: 1, minutes: 0);

        Assert.All(_intervals.List(Node, null, 10), interval => Assert.True(interval.ToAt >= interval.FromAt));
        Assert.Equal(2, _intervals.List(Node, null, 10).Count);
    }

    [Fact]
    [Trait("Attack", "crowded-history")]
    public async Task Add_NodeThatChangesWithoutEnd_KeepsABoundedPartAndWhatWasBefore()
    {
        await ReportAsync(release: 1, minutes: 10);
        for (int i = 0; i < 1000; i++)
        {
            await ReportAsync(release: 2 + (i % 2), minutes: 0, detail: new string('x', 2000));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        using DbConnection connection = _database.Open();
        Assert.InRange(connection.ExecuteScalar<long>("SELECT sum(bytes) FROM node_intervals"), 1, NodeLimits.HistoryBytesOfADay + 10_000);
        StoredInterval[] found = [.. _intervals.List(Node, null, 1000)];
        Assert.True(found[0].IsCrowded);
        Assert.Equal(1, ReleaseOf(_intervals.ReadReports(found[^1].Id)[0]));

        _clock.Advance(TimeSpan.FromDays(1));
        await ReportAsync(release: 4, minutes: 0);
        Assert.False(_intervals.List(Node, null, 1)[0].IsCrowded);
    }

    [Fact]
    public async Task Remove_Node_EndsItsIntervalAndKeepsIt()
    {
        await ReportAsync(release: 1, minutes: 5);
        await ReportAsync(release: 1, minutes: 2);
        await _store.RemoveAsync(Node);
        Enroll();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await ReportAsync(release: 1, minutes: 0);

        StoredInterval[] found = [.. _intervals.List(Node, null, 10)];
        Assert.Equal(2, found.Length);
        Assert.Equal(2 * 60_000, found[1].RemovedAt - found[1].ToAt);
        Assert.Equal(2, _intervals.ReadReports(found[1].Id).Count);
        Assert.NotEqual(found[0].PublicKey, found[1].PublicKey);
    }

    [Fact]
    public async Task RemoveUnseen_Nodes_EndsTheirIntervals()
    {
        await ReportAsync(release: 1, minutes: 5);
        await _store.RemoveUnseenAsync(_clock.GetUtcNow(), established: true);

        Assert.NotNull(Assert.Single(_intervals.List(Node, null, 10)).RemovedAt);
    }

    [Fact]
    public async Task Add_OlderThanTheRetention_IsNeitherKeptNorTold()
    {
        await ReportAsync(release: 1, minutes: 5, timestamp: 7);
        _clock.Advance(NodeLimits.DefaultRetention - TimeSpan.FromDays(1));
        await ReportAsync(release: 2, minutes: 5, timestamp: 8);
        Assert.Equal([7, 8], Kept());

        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Null(_intervals.FindBegun(Node, _intervals.KeptSince - 60_000));
        await ReportAsync(release: 3, minutes: 5, timestamp: 9);

        Assert.Equal([8, 9], Kept());
        Assert.Equal(2, _intervals.List(Node, null, 10).Count);

        long[] Kept() => [.. ((IPastTimestamps)_intervals).Find(_clock.GetUtcNow()).Versions.Order()];
    }

    public void Dispose()
    {
        _writer.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    private async Task ReportAsync(int release, double minutes, string detail = "", long timestamp = 0)
    {
        CheckIn report = Reports.Valid(Node) with
        {
            Release = release,
            Sequence = ++_sequence,
            Refusals = [new RefusalReport("Other", "x", detail, default)],
            Metadata = timestamp == 0 ? null : new HeldMetadata(timestamp, Reports.Sha256),
        };
        CheckInSignature signature = new(_identity, JsonSerializer.Serialize(report, RelayApiJson.Default.CheckIn), "/target", "input", "text");
        Assert.Equal(CheckInOutcome.Stored, (await _store.StoreAsync(report, signature)).Outcome);
        _clock.Advance(TimeSpan.FromMinutes(minutes));
    }

    private void Enroll()
    {
        using SigningNode node = new(Node);
        NodePublicKey key = NodePublicKey.Read(node.PublicKey, out _)!;
        _identity = key.Identity;
        _sequence = 0;
        _database.Write((connection, transaction) => connection.Execute(
            """
            INSERT INTO enrollment_tokens (id, name, hash, created_at, expires_at, uses) VALUES (1, 'test', zeroblob(32), 0, 0, 10)
            ON CONFLICT DO NOTHING;
            INSERT INTO node_keys (node, public_key, identity, enrolled_at, token) VALUES (@Node, @SubjectPublicKeyInfo, @Identity, 0, 1);
            """,
            new { Node, key.SubjectPublicKeyInfo, key.Identity }, transaction));
    }

    private static int ReleaseOf(StoredReport report) => JsonSerializer.Deserialize(report.CheckIn, RelayApiJson.Default.CheckIn)!.Release;
}
