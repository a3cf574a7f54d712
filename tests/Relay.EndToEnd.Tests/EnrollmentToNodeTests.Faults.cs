using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit;
using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

// Keys that are lost, clocks that are off, stores that are copied or restored.
public sealed partial class EnrollmentToNodeTests
{
    [Fact]
    public async Task Refresh_NodeLostItsKey_IsRefusedUntilTheOperatorRemovesIt()
    {
        await WriteTokenAsync();
        using (SyncClient first = Open())
        {
            await first.RefreshAsync(Cancel);
        }

        File.Delete(Path.Combine(_node.StoreFolder, "node-key.pem"));
        using SyncClient node = Open();
        await node.RestoreAsync(Cancel);
        RefreshResult lost = await node.RefreshAsync(Cancel);
        int served = node.Model(SmallModel.Name).Predict([95, 10], ["tcp"]).Version;
        await RemoveAsync();
        RefreshResult removed = await node.RefreshAsync(Cancel);

        Assert.Equal((RefusalReason.NodeKeyRefused, 1), (lost.Refusal?.Reason, served));
        Assert.Null(removed.Refusal);
        Assert.Equal(true, (await FindAsync()).Signed);
    }

    [Fact]
    public async Task Refresh_OpenRelayHasNoPlaceForTheNode_RunsTheReleaseAndSaysWhatTheOperatorCanDo()
    {
        await WriteTokenAsync();
        await _relay.RestartAsync(options => options with { OpenArtifacts = true, OpenCheckIns = true, MaximumNodes = 1 });
        using (SyncClient only = Open())
        {
            await only.RefreshAsync(Cancel);
        }

        using NodeOfARelay second = new(_relay, SmallModel.Name);
        using SyncClient node = second.Open(options => options.NodeId = "second");
        RefreshResult result = await node.RefreshAsync(Cancel);

        RefusalReport refused = Assert.Single(node.Status.CurrentRefusals);
        Assert.True(result.Activated);
        Assert.Equal(nameof(RefusalReason.EnrollmentRefused), refused.Reason);
        Assert.Contains("relay nodes remove", refused.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-20)]
    [InlineData(20)]
    public async Task Refresh_ClockOfTheNodeIsMinutesOff_EnrollsAndReports(int minutes)
    {
        await WriteTokenAsync();
        TestClock clock = TestClock.Running();
        clock.Advance(TimeSpan.FromMinutes(minutes));
        using SyncClient node = new(_node.CreateOptions(o => o.EnrollmentTokenFile = TokenFile), clock, NullLogger<SyncClient>.Instance);

        RefreshResult result = await node.RefreshAsync(Cancel);

        Assert.True(result.Activated, result.Refusal?.ToString());
        Assert.Empty(node.Status.CurrentRefusals);
        Assert.Equal(true, (await FindAsync()).Signed);
    }

    [Fact]
    public async Task Refresh_StoreOfAnEarlierDayIsRestored_GoesOnAfterTheNumberOfTheRelay()
    {
        await WriteTokenAsync();
        TestClock ahead = TestClock.Running();
        ahead.Advance(TimeSpan.FromMinutes(3));
        using (SyncClient first = new(_node.CreateOptions(o => o.EnrollmentTokenFile = TokenFile), ahead, NullLogger<SyncClient>.Instance))
        {
            await first.RefreshAsync(Cancel);
        }

        long last = (await FindAsync()).CheckIn.Sequence;
        using SyncClient node = Open();
        await node.RefreshAsync(Cancel);

        Assert.Equal(last + 1, (await FindAsync()).CheckIn.Sequence);
        Assert.Empty(node.Status.RecentRefusals);
    }

    [Fact]
    public async Task Refresh_TwoNodesOnCopiesOfOneStore_TheSecondNameIsRefused()
    {
        await WriteTokenAsync();
        using (SyncClient first = Open())
        {
            await first.RefreshAsync(Cancel);
        }

        using SyncClient copy = _node.Open(o => (o.NodeId, o.EnrollmentTokenFile) = ("other", TokenFile));

        Assert.Equal(RefusalReason.NodeKeyRefused, (await copy.RefreshAsync(Cancel)).Refusal?.Reason);
        Assert.Equal(Name, (await FindAsync()).Id);
    }
}
