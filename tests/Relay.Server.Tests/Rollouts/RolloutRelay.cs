using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Usage;
using Relay.Server.Hosting;
using Relay.Server.Repository;
using Relay.Server.Rollouts;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Rollouts;

/// <summary>A relay whose channel runs release 1 while there is a version for the next, and a fleet that reports what the channel tells it.</summary>
internal sealed class RolloutRelay : IAsyncDisposable
{
    private readonly FleetReports _reports = new();

    private RolloutRelay(TestRelay relay) => Relay = relay;

    public TestRelay Relay { get; }

    public ModelVersion Base { get; private set; } = null!;

    public ModelVersion Next { get; private set; } = null!;

    public string[] Nodes { get; } = [.. Enumerable.Range(0, 200).Select(i => $"node-{i}")];

    /// <summary>Two stages that 200 nodes can pass, and no time to wait.</summary>
    public static RolloutRuleView Rule => new()
    {
        Stages = [new(50, 0, 600), new(100, 0, 600)],
        RoundSeconds = 600,
        MinNodes = 10,
        Metrics = [new() { Name = "failures", Kind = "Failures", Cap = 0.05, Harm = 0.005, PassMargin = 0.01, MinWhole = 20 }],
    };

    public static async Task<RolloutRelay> StartAsync(Func<RelayOptions, RelayOptions>? configure = null)
    {
        RolloutRelay started = new(await TestRelay.StartAsync(configure ?? (options => options)));
        started.Base = await started.Relay.TrainSmallAsync(trees: 2);
        started.Next = await started.Relay.TrainSmallAsync(trees: 3);
        await started.Relay.PublishAsync("stable", started.Base);
        NodeStore nodes = started.Relay.Services.GetRequiredService<NodeStore>();
        RepositorySnapshot snapshot = started.Relay.Services.GetRequiredService<RepositoryCache>().Read();
        CheckIn[] reports = [.. started.Nodes.Select(node => started._reports.Create(node, 1, started.Base, 0))];
        await Task.WhenAll(reports.Select(report => nodes.StoreAsync(report, null, FleetEntry.Create(report, isSigned: true, snapshot))));
        started.Relay.Services.GetRequiredService<RelayDatabase>().Write((connection, transaction) => connection.Execute(
            "UPDATE nodes SET signed = TRUE, standing = @Enrolled", new { Enrolled = (int)NodeStanding.Enrolled }, transaction));
        return started;
    }

    public Task<HttpResponseMessage> PostAsync(RolloutRequest request) =>
        Relay.Admin.PostAsJsonAsync(Routes.Rollouts, request, RelayApiJson.Default.RolloutRequest);

    public async Task<RolloutView> BeginAsync()
    {
        using HttpResponseMessage response = await PostAsync(new() { Channel = "stable", Models = [Next], Rule = Rule });
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.RolloutView))!;
    }

    public async Task<RolloutView> FindAsync(long id) =>
        (await Relay.Admin.GetFromJsonAsync(Routes.RolloutOf(id), RelayApiJson.Default.RolloutView))!;

    public Task<HttpResponseMessage> CommandAsync(long id, string command) => Relay.Admin.PostAsync($"{Routes.RolloutOf(id)}/{command}", null);

    public Task<RolloutView> WaitAsync(long id, Predicate<RolloutView> isReached) =>
        Eventually.GetAsync(() => FindAsync(id), isReached, "the rollout went on", TimeSpan.FromSeconds(60));

    public async Task<string[]> KindsAsync(long id) =>
        [.. (await Relay.Admin.GetFromJsonAsync($"{Routes.RolloutOf(id)}/history",
            RelayApiJson.Default.PageRolloutEventView))!.Items.Select(e => e.Kind)];

    public ChannelManifest Document => Relay.Services.GetRequiredService<RepositoryCache>().Read().Channels["stable"];

    /// <summary>Each node runs what the channel's document tells it, and reports with a signature.</summary>
    /// <param name="failures">Failed calls of 100 on a node that runs the candidate.</param>
    public void ReportAll(int failures)
    {
        ChannelManifest document = Document;
        ICheckInObserver observer = Relay.Services.GetServices<ICheckInObserver>().OfType<RolloutRecorder>().Single();
        List<CheckIn> reports = [.. Nodes.Select(node => document.ReleaseFor(node) == 1
            ? _reports.Create(node, 1, Base, 0)
            : _reports.Create(node, document.ReleaseFor(node), Next, failures))];
        Relay.Services.GetRequiredService<RelayDatabase>().Write((connection, transaction) =>
        {
            reports.ForEach(report => observer.Observe(connection, transaction, report, isSigned: true,
                TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
            return true;
        });
        observer.Stored(reports[0]);
    }

    public ValueTask DisposeAsync() => Relay.DisposeAsync();
}
