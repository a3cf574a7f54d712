using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Repository;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Rollouts;

/// <summary>The whole way over HTTPS, on a relay that is closed to strangers: enrolled nodes sign their check-ins, and these alone move a
/// rollout.</summary>
public sealed class SignedRolloutTests : IAsyncLifetime
{
    private readonly SigningNode[] _nodes = [.. Enumerable.Range(0, 60).Select(i => new SigningNode($"node-{i}"))];
    private readonly FleetReports _reports = new();
    private TestRelay _relay = null!;
    private HttpClient _client = null!;
    private ModelVersion _base = null!;
    private ModelVersion _next = null!;

    /// <summary>Margins that 30 nodes can pass.</summary>
    private static RolloutRuleView Rule => new()
    {
        Stages = [new(50, 0, 600), new(100, 0, 600)],
        RoundSeconds = 600,
        MinNodes = 10,
        Tolerated = 0,
        Metrics = [new() { Name = "failures", Kind = "Failures", Cap = 0.1, Harm = 0.01, PassMargin = 0.05, MinWhole = 20 }],
    };

    private ChannelManifest Document => _relay.Services.GetRequiredService<RepositoryCache>().Read().Channels["stable"];

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync(options => options with { OpenArtifacts = false, OpenCheckIns = false });
        _client = _relay.CreateClient();
        _base = await _relay.TrainSmallAsync(trees: 2);
        _next = await _relay.TrainSmallAsync(trees: 3);
        await _relay.PublishAsync("stable", _base);
        string token = await _relay.CreateEnrollmentTokenAsync();
        foreach (SigningNode node in _nodes)
        {
            await SendAsync(node, Routes.Enroll, JsonContent.Create(new NodeEnrollment(node.Id, node.PublicKey, token), RelayApiJson.Default.NodeEnrollment));
        }

        await ReportAllAsync(failures: 0);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        Array.ForEach(_nodes, node => node.Dispose());
        await _relay.DisposeAsync();
    }

    [Fact]
    public async Task Rollout_HarmlessReleaseAndSignedReports_Completes()
    {
        RolloutView started = await BeginAsync();
        await ReportAllAsync(failures: 0);
        await WaitAsync(started.Id, rollout => rollout.Stage == 2);
        await ReportAllAsync(failures: 0);

        RolloutView ended = await WaitAsync(started.Id, rollout => rollout.FinishedAt is not null);

        Assert.Equal("completed", ended.Status);
        Assert.Equal(new ChannelManifest("stable", 2), Document);
    }

    [Fact]
    [Trait("Attack", "unsigned-evidence")]
    public async Task Rollout_HarmfulRelease_IsTakenBackBySignedReportsAlone()
    {
        RolloutView started = await BeginAsync();
        ChannelManifest document = Document;
        foreach (SigningNode node in _nodes.Where(node => document.ReleaseFor(node.Id) == 2))
        {
            // A stranger reports in the names of the nodes that run the candidate, as if it did well.
            using HttpResponseMessage refused = await _client.PostAsync(Routes.CheckInsOf(node.Id), Content(_reports.Create(node.Id, 2, _next, 0)));
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        await ReportAllAsync(failures: 50);
        RolloutView ended = await WaitAsync(started.Id, rollout => rollout.FinishedAt is not null);

        Assert.Equal(("halted", 1), (ended.Status, ended.Stage));
        Assert.Equal(new ChannelManifest("stable", 1), Document);
    }

    private async Task<RolloutView> BeginAsync()
    {
        RolloutRequest request = new() { Channel = "stable", Models = [_next], Rule = Rule };
        using HttpResponseMessage response = await _relay.Admin.PostAsJsonAsync(Routes.Rollouts, request, RelayApiJson.Default.RolloutRequest);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        RolloutView started = (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.RolloutView))!;
        return await WaitAsync(started.Id, _ => Document.Candidate is not null);
    }

    private Task<RolloutView> WaitAsync(long id, Predicate<RolloutView> isReached) => Eventually.GetAsync(
        async () => (await _relay.Admin.GetFromJsonAsync(Routes.RolloutOf(id), RelayApiJson.Default.RolloutView))!,
        isReached, "the rollout went on", TimeSpan.FromSeconds(60));

    /// <summary>Each node runs what the channel's document tells it, and reports.</summary>
    /// <param name="failures">Failed calls of 100 on a node that runs the candidate.</param>
    private async Task ReportAllAsync(int failures)
    {
        ChannelManifest document = Document;
        foreach (SigningNode node in _nodes)
        {
            int release = document.ReleaseFor(node.Id);
            bool isCandidate = document.Candidate?.Release == release;
            await SendAsync(
                node, Routes.CheckInsOf(node.Id),
                Content(_reports.Create(node.Id, release, isCandidate ? _next : _base, isCandidate ? failures : 0)));
        }
    }

    private static JsonContent Content(CheckIn report) => JsonContent.Create(report, RelayApiJson.Default.CheckIn);

    private async Task SendAsync(SigningNode node, string path, HttpContent content)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = content };
        await RequestSigner.SignAsync(request, node.Id, node.Key, TimeProvider.System.GetUtcNow());
        using HttpResponseMessage response = await _client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
