using System.Data.Common;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Enrollment;
using Relay.Server.Fleet.Identity;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Fleet;

// The bytes of reports and of their history.
public sealed partial class NodeStoreTests
{
    [Fact]
    [Trait("Attack", "made-up-nodes")]
    public async Task Store_MadeUpReportsOfTheLargestSize_StayWithinTheBytesForAllOfThem()
    {
        long one = JsonSerializer.Serialize(Reports.Valid("made-up-0"), RelayApiJson.Default.CheckIn).Length;
        _store = Open(new NodeLimits(1000) { BytesOfOthers = one * 8, HistoryBytes = one * 3 });
        for (int i = 0; i < 100; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await StoreAsync($"made-up-{i % 10}");
        }

        using DbConnection connection = _database.Open();
        long stored = connection.ExecuteScalar<long>(
            "SELECT (SELECT sum(length(check_in)) FROM nodes) + (SELECT sum(length(check_in)) FROM check_ins)");
        Assert.InRange(stored, one, one * 8);
        Assert.Equal(stored, connection.ExecuteScalar<long>("SELECT sum(bytes) FROM nodes"));
    }

    [Fact]
    public async Task Store_HistoryOfANode_StaysWithinItsBytesAndKeepsTheLatest()
    {
        _store = Open(new NodeLimits(Nodes) { HistoryBytes = 1 });
        for (int release = 1; release <= 3; release++)
        {
            await _store.StoreAsync(Reports.Valid("n") with { Release = release });
        }

        Assert.Equal(3, Assert.Single(_store.History("n")).CheckIn.Release);
    }

    [Fact]
    public async Task Store_MoreBytesThanMayWait_IsBusy()
    {
        _store = Open(new NodeLimits(Nodes) { WaitingBytes = 10 });

        Assert.Equal(CheckInOutcome.Busy, (await _store.StoreAsync(Reports.Valid("n"))).Outcome);
        Assert.Equal(CheckInOutcome.Busy, (await _store.StoreAsync(Reports.Valid("n"))).Outcome);
    }
}
