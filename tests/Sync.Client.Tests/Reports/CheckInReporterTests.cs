using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Sync.Client.Tests.Reports;

public sealed class CheckInReporterTests : IAsyncLifetime
{
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NodeFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Refresh_ClockStepsBackEightHours_HeartbeatsGoOn()
    {
        await _fixture.PublishAsync(TestModel.Create());
        using SyncClient node = _fixture.OpenNode();
        await node.RefreshAsync();
        _fixture.Clock.Advance(TimeSpan.FromHours(-8));

        await node.RefreshAsync();
        _fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        await node.RefreshAsync();

        Assert.Equal(2, _fixture.Server.CheckIns.Count);
    }

    [Fact]
    public async Task Refresh_Activated_CheckInNamesTheTimestampThatTheNodeHolds()
    {
        await _fixture.PublishAsync(TestModel.Create());
        using SyncClient node = _fixture.OpenNode();

        await node.RefreshAsync();
        byte[] timestamp = _fixture.Honest.Serve("metadata/timestamp.json")!;

        HeldMetadata expected = new(_fixture.Honest.Read().Timestamp.Version, Convert.ToHexStringLower(SHA256.HashData(timestamp)));
        Assert.Equal(expected, Assert.Single(_fixture.Server.CheckIns).Metadata);
        Assert.Equal(expected, node.Status.Metadata);
    }

    [Fact]
    public async Task Refresh_Activated_CheckInNamesTheLibraryAndItsVersion()
    {
        await _fixture.PublishAsync(TestModel.Create());
        using SyncClient node = _fixture.OpenNode();

        await node.RefreshAsync();

        Assert.Matches(@"^Sync\.Client \d+\.\d+\.\d+$", Assert.Single(_fixture.Server.CheckIns).Library);
    }

    [Fact]
    public async Task Refresh_ClockStepsAhead_IsNoHeartbeat()
    {
        await _fixture.PublishAsync(TestModel.Create());
        using SyncClient node = _fixture.OpenNode();
        await node.RefreshAsync();
        _fixture.Clock.Set(TimeSpan.FromHours(8));

        await node.RefreshAsync();

        Assert.Single(_fixture.Server.CheckIns);
    }

    [Fact]
    public async Task Refresh_RelayThatKnowsFewerMembersAndReasons_GetsTheRestAndTheNodeSaysWhatIsLeftOut()
    {
        await _fixture.PublishAsync(TestModel.Create());
        _fixture.Server.CheckInStatus = body => IsOfVersion01(body) ? 204 : 400;
        using SyncClient node = _fixture.OpenNode();
        node.Report(new Refusal(RefusalReason.MetadataSchemeUnsupported, "targets", "a reason of a newer version"));
        node.Report(new Refusal(RefusalReason.GoldenVectorMismatch, "model", "a reason that every version knows"));

        await node.RefreshAsync();

        CheckIn arrived = Assert.Single(_fixture.Server.CheckIns);
        Assert.Equal(1, arrived.Release);
        Assert.Equal(nameof(RefusalReason.GoldenVectorMismatch), Assert.Single(arrived.Refusals).Reason);
        Assert.Null((await node.RefreshAsync()).Refusal);
        Assert.Equal(2, _fixture.Server.CheckInBodies.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task Refresh_RelayRefusesEveryCheckIn_IsSaidAndNotRepeatedAtEachPoll(int status)
    {
        await _fixture.PublishAsync(TestModel.Create());
        _fixture.Server.CheckInStatus = _ => status;
        using SyncClient node = _fixture.OpenNode();

        await node.RefreshAsync();
        int sent = _fixture.Server.CheckInBodies.Count;
        await node.RefreshAsync();
        await node.RefreshAsync();

        RefusalReport said = Assert.Single(node.Status.RecentRefusals);
        Assert.Equal(nameof(RefusalReason.CheckInRefused), said.Reason);
        Assert.InRange(_fixture.Server.CheckInBodies.Count, sent, sent + 3);
    }

    [Fact]
    [Trait("Attack", "long-refusal")]
    public async Task Refresh_RefusalsOfAllLengths_ArriveWithinTheBoundsOfTheRelay()
    {
        await _fixture.PublishAsync(TestModel.Create());
        using SyncClient node = _fixture.OpenNode();
        for (int i = 0; i < 50; i++)
        {
            node.Report(new Refusal(RefusalReason.OnnxMalformed, $"{i}{new string('s', i * 20)}", new string('\u20ac', i * 200)));
        }

        for (int poll = 0; poll < 25; poll++)
        {
            await node.RefreshAsync();
        }

        Assert.All(_fixture.Server.CheckInBodies, body => Assert.InRange(body.Length, 1, CheckInBounds.Bytes));
        RefusalReport[] arrived = [.. _fixture.Server.CheckIns.SelectMany(c => c.Refusals)];
        Assert.Equal(50, arrived.Length);
        Assert.All(arrived, r => Assert.True(r.Subject.Length <= CheckInBounds.SubjectLength && r.Detail.Length <= CheckInBounds.DetailLength));
        Assert.Contains("9800 characters", arrived[^1].Detail, StringComparison.Ordinal);
    }

    private static bool IsOfVersion01(byte[] body)
    {
        string[] members = ["node", "channel", "release", "stale", "at", "models", "refusals", "quarantine", "steering", "shadow"];
        JsonObject report = JsonNode.Parse(Encoding.UTF8.GetString(body))!.AsObject();
        return report.All(m => members.Contains(m.Key))
            && report["refusals"]!.AsArray().All(r => r!["reason"]!.GetValue<string>() != nameof(RefusalReason.MetadataSchemeUnsupported));
    }
}
