using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Repository;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Reports;

namespace Relay.Server.Tests.Rollouts;

/// <summary>A relay that is closed to strangers, whose channel runs release 1 while there is a version for the next, and enrolled nodes that sign
/// their check-ins over HTTPS.</summary>
internal sealed class SignedRolloutRelay : IAsyncDisposable
{
    private SignedFleet _fleet = null!;

    private SignedRolloutRelay()
    {
    }

    public TestRelay Relay { get; private set; } = null!;

    public ModelVersion Next { get; private set; } = null!;

    public SigningNode[] Nodes => _fleet.Nodes;

    public FleetReports Reports => _fleet.Reports;

    public RepositoryCache Repository => Relay.Services.GetRequiredService<RepositoryCache>();

    public ChannelManifest Document => Repository.Read().Channels["stable"];

    /// <summary>The nodes that the channel's document gives the candidate.</summary>
    public SigningNode[] Candidates => Document is { Candidate: { } candidate } ? [.. Nodes.Where(node => candidate.Includes(node.Id))] : [];

    public static async Task<SignedRolloutRelay> StartAsync(TimeProvider? clock = null)
    {
        SignedRolloutRelay started = new();
        started.Relay = await TestRelay.StartAsync(options => options with
        {
            OpenArtifacts = false,
            OpenCheckIns = false,
            TimeProvider = clock ?? TimeProvider.System,
        });
        ModelVersion known = await started.Relay.TrainSmallAsync(trees: 2);
        started.Next = await started.Relay.TrainSmallAsync(trees: 3);
        started._fleet = new(known, started.Next, clock ?? TimeProvider.System);
        await started.Relay.PublishAsync("stable", known);
        await started._fleet.EnrollAsync(started.Relay.Anonymous, await started.Relay.CreateEnrollmentTokenAsync());
        await started.ReportAllAsync(failures: 0);
        return started;
    }

    public async Task<RolloutView> BeginAsync(RolloutRuleView? rule = null)
    {
        RolloutRequest request = new() { Channel = "stable", Models = [Next], Rule = rule ?? SignedFleet.Rule };
        using HttpResponseMessage response = await Relay.Admin.PostAsJsonAsync(Routes.Rollouts, request, RelayApiJson.Default.RolloutRequest);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        RolloutView started = (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.RolloutView))!;
        return await WaitAsync(started.Id, _ => Document.Candidate is not null);
    }

    public async Task<RolloutView> FindAsync(long id) =>
        (await Relay.Admin.GetFromJsonAsync(Routes.RolloutOf(id), RelayApiJson.Default.RolloutView))!;

    public Task<RolloutView> WaitAsync(long id, Predicate<RolloutView> isReached) =>
        Eventually.GetAsync(() => FindAsync(id), isReached, "the rollout went on", TimeSpan.FromSeconds(60));

    public async Task<RolloutEventView[]> HistoryAsync(long id) =>
        [.. (await Relay.Admin.GetFromJsonAsync($"{Routes.RolloutOf(id)}/history", RelayApiJson.Default.PageRolloutEventView))!.Items];

    /// <summary>Each node runs what the channel's document tells it, and reports.</summary>
    /// <param name="failures">Failed calls of 100 on a node that runs the candidate.</param>
    public Task ReportAllAsync(int failures) => _fleet.ReportAllAsync(Relay.Anonymous, Document, failures);

    /// <summary>What a node says that runs what the document tells it.</summary>
    public CheckIn Create(SigningNode node, ChannelManifest document, int failures, Func<VersionUsage, VersionUsage>? shape = null) =>
        _fleet.Create(node, document, failures, shape);

    public Task<HttpStatusCode> ReportAsync(SigningNode node, CheckIn report) => _fleet.ReportAsync(Relay.Anonymous, node, report);

    public async ValueTask DisposeAsync()
    {
        _fleet.Dispose();
        await Relay.DisposeAsync();
    }
}
