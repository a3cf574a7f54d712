using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Repository;
using Relay.Server.Tests.Rollouts;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.History;

/// <summary>A relay with enrolled nodes over HTTPS, and the story of one of them: release 1, release 2 as a candidate, the return to release 1, a
/// silence, and release 1 again.</summary>
public sealed class HistoryScene : IAsyncLifetime
{
    private readonly List<(SigningNode Node, HttpClient Client)> _nodes = [];
    private readonly TemporaryFolder _folder = new();
    private RolloutRelay _rollouts = null!;
    private readonly List<Dictionary<string, DateTimeOffset>> _times = [];
    private long _sequence;

    public TestRelay Relay => _rollouts.Relay;

    public TestClock Clock { get; } = TestClock.Running();

    /// <summary>The node of the story.</summary>
    public string Node { get; private set; } = "";

    public SigningNode NodeKey => _nodes.Single(item => item.Node.Id == Node).Node;

    public long Rollout { get; private set; }

    /// <summary>When the node reported: release 1 twice, release 2 twice, release 1, and release 1 after the silence.</summary>
    public List<DateTimeOffset> Reported { get; } = [];

    /// <summary>Evidence of the candidate, as <c>relay history --out</c> writes it.</summary>
    public string Evidence => _folder.Combine("evidence");

    public async ValueTask InitializeAsync()
    {
        _rollouts = await RolloutRelay.StartAsync(options => options with { TimeProvider = Clock });
        for (int i = 0; i < 24; i++)
        {
            await EnrollAsync($"shop-{i}");
        }

        await ReportAllAsync();
        Clock.Advance(TimeSpan.FromMinutes(5));
        await ReportAllAsync();
        RolloutView begun = await _rollouts.BeginAsync();
        await Eventually.GetAsync(
            () => Task.FromResult(_rollouts.Document), document => document.Candidate is not null, "the first stage is published");
        Rollout = begun.Id;
        Node = _nodes.First(item => _rollouts.Document.ReleaseFor(item.Node.Id) == 2).Node.Id;
        Reported.AddRange(_times.Select(all => all[Node]));
        for (int i = 0; i < 2; i++)
        {
            Clock.Advance(TimeSpan.FromMinutes(4));
            Reported.Add(await ReportAsync(Node, release: 2));
        }

        (await _rollouts.CommandAsync(begun.Id, "halt")).Dispose();
        await Eventually.GetAsync(() => Task.FromResult(_rollouts.Document), document => document.Candidate is null, "the channel is back");
        foreach (int minutes in (int[])[5, 60])
        {
            Clock.Advance(TimeSpan.FromMinutes(minutes));
            Reported.Add(await ReportAsync(Node, release: 1));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _nodes.ForEach(item =>
        {
            item.Client.Dispose();
            item.Node.Dispose();
        });
        _folder.Dispose();
        await _rollouts.DisposeAsync();
    }

    public async Task EnrollAsync(string id) => _nodes.Add(await SigningNode.EnrollAsync(Relay, id, Clock));

    /// <summary>The node under this name is another one from now on.</summary>
    public void Forget(string id) => _nodes.RemoveAll(item => item.Node.Id == id);

    /// <returns>When the relay received it.</returns>
    public async Task<DateTimeOffset> ReportAsync(string node, int release, string? timestampSha256 = null)
    {
        byte[] timestamp = await Relay.Anonymous.GetByteArrayAsync($"{Routes.Metadata}/timestamp.json");
        CheckIn report = Create(node, release) with
        {
            Sequence = ++_sequence,
            Metadata = new HeldMetadata(
                UntrustedMetadata.Read(timestamp).Value!.Metadata.Version, timestampSha256 ?? Convert.ToHexStringLower(SHA256.HashData(timestamp))),
        };
        using HttpResponseMessage response = await _nodes.Single(item => item.Node.Id == node).Client.PostAsJsonAsync(
            Routes.CheckInsOf(node), report, RelayApiJson.Default.CheckIn);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        return (await Relay.Admin.GetFromJsonAsync(Routes.CheckInsOf(node), RelayApiJson.Default.PageNodeView))!.Items[0].SeenAt;
    }

    /// <summary>A report of a node that runs all models of a release.</summary>
    public CheckIn Create(string node, int release) => new()
    {
        Node = node,
        Channel = "stable",
        Release = release,
        Stale = false,
        At = Clock.GetUtcNow(),
        Models = [.. Snapshot().Releases[release].Models.Select(model => new ActiveModel(model.Name, model.Version, model.Sha256, "managed", 1, 0))],
        Refusals = [],
        Quarantine = [],
    };

    public Task<NodeHistoryAnswer?> AskAsync(string node, DateTimeOffset at) => Relay.Admin.GetFromJsonAsync(
        $"{Routes.HistoryOf(node)}?at={at.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff}Z", RelayApiJson.Default.NodeHistoryAnswer);

    private async Task ReportAllAsync()
    {
        Dictionary<string, DateTimeOffset> times = new(StringComparer.Ordinal);
        foreach ((SigningNode node, _) in _nodes)
        {
            times[node.Id] = await ReportAsync(node.Id, release: 1);
        }

        _times.Add(times);
    }

    private RepositorySnapshot Snapshot() => Relay.Services.GetRequiredService<RepositoryCache>().Read();
}
