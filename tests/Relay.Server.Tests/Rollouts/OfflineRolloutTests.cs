using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Fleet;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.Server.Tests.Releases;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Rollouts;

/// <summary>A relay whose targets key is offline: a release and its first stage wait for a signature, and never outlive their rollout.</summary>
public sealed class OfflineRolloutTests : IAsyncLifetime
{
    private OfflineRelay _relay = null!;
    private ModelVersion _next = null!;

    private RelayDatabase Database => _relay.Relay.Services.GetRequiredService<RelayDatabase>();

    private ChannelManifest Document => _relay.Relay.Services.GetRequiredService<RepositoryCache>().Read().Channels["stable"];

    public async ValueTask InitializeAsync()
    {
        _relay = await OfflineRelay.StartAsync();
        await _relay.ApproveAsync(await _relay.PublishAsync());
        _next = await _relay.Relay.TrainSmallAsync(trees: 3);
        Database.Write((connection, transaction) => connection.Execute(
            "INSERT INTO fleet_counts (channel, release, standing, nodes, stale, quarantined) VALUES ('stable', 1, @Enrolled, 200, 0, 0)",
            new { Enrolled = (int)NodeStanding.Enrolled }, transaction));
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Start_TargetsKeyIsOffline_WaitsForTheSignatureAndBeginsWithIt()
    {
        RolloutView started = await StartAsync();
        string pending = await PendingAsync();

        Assert.Equal(("running", (int?)null), (started.Status, started.Candidate));
        Assert.Contains(pending, started.WaitsFor, StringComparison.Ordinal);
        Assert.Equal(new ChannelManifest("stable", 1), Document);

        await ApproveAsync(pending);
        RolloutView begun = await WaitAsync(started.Id, rollout => rollout.Candidate is not null);

        Assert.Null(begun.WaitsFor);
        Assert.Equal((2, 50.0), (Document.Candidate!.Release, Document.Candidate.Percentage));
    }

    [Fact]
    [Trait("Attack", "channel-race")]
    public async Task Halt_BeforeTheSignature_DropsThePublicationAndALateSignatureChangesNothing()
    {
        RolloutView started = await StartAsync();
        string pending = await PendingAsync();

        using HttpResponseMessage halted = await _relay.Relay.Admin.PostAsync($"{Routes.RolloutOf(started.Id)}/halt", null);
        Page<PendingView> left = (await _relay.Relay.Admin.GetFromJsonAsync(Routes.Pending, RelayApiJson.Default.PagePendingView))!;

        Assert.Equal(HttpStatusCode.OK, halted.StatusCode);
        Assert.Empty(left.Items);
        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => ApproveAsync(pending));
        Assert.DoesNotContain("gate", refused.Message, StringComparison.Ordinal);
        Assert.Equal(new ChannelManifest("stable", 1), Document);
    }

    /// <summary>A publication that outlived its rollout would put a candidate on the channel that no rollout watches.</summary>
    [Fact]
    [Trait("Attack", "channel-race")]
    public async Task Approve_PublicationOfARolloutThatIsOver_IsRefused()
    {
        await StartAsync();
        string pending = await PendingAsync();
        Database.Write((connection, transaction) => connection.Execute(
            "UPDATE rollouts SET version = version + 1, outcome = 'Returned', finished_at = 1", transaction: transaction));

        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => ApproveAsync(pending));
        Assert.DoesNotContain("gate", refused.Message, StringComparison.Ordinal);

        Assert.Equal(new ChannelManifest("stable", 1), Document);
    }

    // The next version has a tree less than the one that runs.
    private Task<string> ApproveAsync(string pending) =>
        _relay.ApproveAsync(pending, "--accept", "incumbent-log-loss", "--reason", "a test");

    private async Task<RolloutView> StartAsync()
    {
        using HttpResponseMessage response = await _relay.Relay.Admin.PostAsJsonAsync(
            Routes.Rollouts, new RolloutRequest { Channel = "stable", Models = [_next], Rule = RolloutRelay.Rule },
            RelayApiJson.Default.RolloutRequest);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.RolloutView))!;
    }

    private async Task<string> PendingAsync() =>
        Assert.Single((await _relay.Relay.Admin.GetFromJsonAsync(Routes.Pending, RelayApiJson.Default.PagePendingView))!.Items).Id;

    private Task<RolloutView> WaitAsync(long id, Predicate<RolloutView> isReached) => Eventually.GetAsync(
        async () => (await _relay.Relay.Admin.GetFromJsonAsync(Routes.RolloutOf(id), RelayApiJson.Default.RolloutView))!,
        isReached, "the rollout went on", TimeSpan.FromSeconds(60));
}
