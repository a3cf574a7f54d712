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

// Nodes with a key.
public sealed partial class NodeStoreTests
{
    [Fact]
    [Trait("Attack", "made-up-nodes")]
    public async Task Store_EnrolledNode_FindsAPlaceAmongNodesThatReportedForADayWithoutAKey()
    {
        string[] unsigned = [.. Enumerable.Range(0, Nodes).Select(i => $"unsigned-{i}")];
        await StoreAsync(unsigned);
        _clock.Advance(TimeSpan.FromDays(1));
        await StoreAsync(unsigned);
        CheckInSignature signature = await EnrollAsync("enrolled");

        Assert.Equal(CheckInOutcome.Stored, (await _store.StoreAsync(Reports.Valid("enrolled") with { Sequence = 1 }, signature)).Outcome);
        Assert.Equal(CheckInOutcome.FleetFull, (await _store.StoreAsync(Reports.Valid("newcomer"))).Outcome);
        Assert.Equal(["enrolled", "unsigned-1", "unsigned-2", "unsigned-3", "unsigned-4"], Names());
    }

    [Fact]
    public async Task Store_SignedReport_KeepsTextAndSignature()
    {
        CheckInSignature signature = await EnrollAsync("n");
        await _store.StoreAsync(Reports.Valid("n") with { Sequence = 7 }, signature);

        using DbConnection connection = _database.Open();
        Assert.Equal(
            (signature.Body, signature.Target, signature.Input, signature.Text),
            connection.QuerySingle<(string, string, string, string)>("SELECT check_in, target, signature_input, signature FROM check_ins"));
        Assert.Equal([true, true], [_store.List(null, null, 1)[0].Signed, _store.History("n")[0].Signed]);
    }

    [Fact]
    [Trait("Attack", "replayed-check-in")]
    public async Task Store_SequenceThatIsNotLarger_StoresNothing()
    {
        CheckInSignature signature = await EnrollAsync("n");
        CheckIn report = Reports.Valid("n");

        Assert.Equal(CheckInOutcome.Stored, (await _store.StoreAsync(report with { Sequence = 7 }, signature)).Outcome);
        Assert.Equal(new CheckInReceipt(CheckInOutcome.Repeated, 7), await _store.StoreAsync(report with { Sequence = 7, Release = 9 }, signature));
        Assert.Equal(new CheckInReceipt(CheckInOutcome.Outdated, 7), await _store.StoreAsync(report with { Sequence = 6 }, signature));
        Assert.Equal(CheckInOutcome.Stored, (await _store.StoreAsync(report with { Sequence = 8 }, signature)).Outcome);
        Assert.Equal([1, 1], _store.History("n").Select(stored => stored.CheckIn.Release));
    }

    [Fact]
    [Trait("Attack", "key-of-another-node")]
    public async Task Store_UnsignedOrByAKeyThatIsNotTheNodesAnyMore_IsRefused()
    {
        CheckInSignature signature = await EnrollAsync("n");

        Assert.Equal(CheckInOutcome.Unsigned, (await _store.StoreAsync(Reports.Valid("n"))).Outcome);
        Assert.Equal(
            CheckInOutcome.NotEnrolled,
            (await _store.StoreAsync(Reports.Valid("n") with { Sequence = 1 }, signature with { KeyIdentity = "another" })).Outcome);
        Assert.True(await _store.RemoveAsync("n"));
        Assert.Null(_keys.Find("n"));
        Assert.Equal(CheckInOutcome.NotEnrolled, (await _store.StoreAsync(Reports.Valid("n") with { Sequence = 1 }, signature)).Outcome);
        Assert.Empty(Names());
    }

    [Fact]
    public async Task RemoveUnseen_EstablishedAsked_RemovesKeysOfNodesThatNeverReported()
    {
        await EnrollAsync("silent");
        DateTimeOffset before = _clock.GetUtcNow() + TimeSpan.FromSeconds(1);

        Assert.Equal(0, await _store.RemoveUnseenAsync(before, established: false));
        Assert.NotNull(_keys.Find("silent"));
        Assert.Equal(1, await _store.RemoveUnseenAsync(before, established: true));
        Assert.Null(_keys.Find("silent"));
    }

    [Fact]
    [Trait("Attack", "banned-node")]
    public async Task RemoveUnseen_BannedNode_StaysBannedUntilItIsRemovedByName()
    {
        await EnrollAsync("silent");
        CheckInSignature signature = await EnrollAsync("seen");
        await _store.StoreAsync(Reports.Valid("seen") with { Sequence = 1 }, signature);
        Assert.True(await _store.BanAsync("silent", isBanned: true));
        Assert.True(await _store.BanAsync("seen", isBanned: true));
        _clock.Advance(TimeSpan.FromDays(400));

        Assert.Equal(0, await _store.RemoveUnseenAsync(_clock.GetUtcNow(), established: true));
        Assert.Equal((true, true), (_keys.Find("silent")?.IsBanned, _keys.Find("seen")?.IsBanned));
        Assert.Equal(CheckInOutcome.Banned, (await _store.StoreAsync(Reports.Valid("seen") with { Sequence = 2 }, signature)).Outcome);
        Assert.True(await _store.RemoveAsync("seen"));
        Assert.Null(_keys.Find("seen"));
    }

    [Fact]
    [Trait("Attack", "banned-node")]
    public async Task Store_MadeUpNodes_NeverEndABan()
    {
        await StoreAsync("stolen");
        await EnrollAsync("stolen");
        await _store.BanAsync("stolen", isBanned: true);
        for (int i = 0; i < 20; i++)
        {
            _clock.Advance(TimeSpan.FromHours(1));
            await StoreAsync($"made-up-{i}");
        }

        Assert.Equal(true, _keys.Find("stolen")?.IsBanned);
    }
}
