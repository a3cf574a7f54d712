using System.Data.Common;
using Relay.Server.Repository;
using Relay.Server.Rollouts;
using Relay.Server.Rollouts.Evidence;
using Relay.Server.Rollouts.Planning;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Rollouts;

/// <summary>A rollout on a relay whose clock a test moves, and a fleet of 100 nodes that run what the channel's document tells them.</summary>
internal sealed class RolloutFleet : IDisposable
{
    private readonly RolloutScene _scene;
    private readonly RolloutRecorder _recorder;
    private readonly RepositoryCache _published;
    private RolloutDirector _director;
    private long _id;

    private RolloutFleet(RolloutScene scene)
    {
        (_scene, _recorder, _director, _published) = (scene, scene.Recorder(), scene.Director(), scene.Cache());
        Reports = new(scene.Repository.Clock);
    }

    public static RolloutRuleView Rule => new()
    {
        Stages = [new(50, 600, 3600), new(100, 600, 3600)],
        RoundSeconds = 600,
        MinNodes = 20,
        Tolerated = 0,
        Metrics = [Failures, Silent],
        Thresholds = [new("silent", 0, 0.3, 6)],
    };

    public static RolloutMetricView Failures =>
        new() { Name = "failures", Kind = "Failures", Cap = 0.1, Harm = 0.01, PassMargin = 0.04, MinWhole = 20 };

    public static RolloutMetricView Silent => new() { Name = "silent", Kind = "Silent", Cap = 1, Harm = 0.02, PassMargin = 0.05, Watch = true };

    public string[] Nodes { get; } = [.. Enumerable.Range(0, 100).Select(i => $"node-{i}")];

    public FleetReports Reports { get; }

    public TestClock Clock => _scene.Repository.Clock;

    public Rollout Rollout => _scene.Store.Find(_id)!;

    public ChannelManifest Document => _published.Read().Channels[RolloutScene.Channel];

    public string[] Candidates => [.. Nodes.Where(node => Document.ReleaseFor(node) == 2)];

    public string[] Controls => [.. Nodes.Except(Candidates)];

    public RolloutEvent[] History => [.. _scene.Store.History(_id, null, 100)];

    public static async Task<RolloutFleet> StartAsync(RolloutRuleView? rule = null, DateTimeOffset? now = null)
    {
        RolloutFleet fleet = new(await RolloutScene.StartAsync());
        if (now is { } at)
        {
            fleet.Clock.Set(at - fleet.Clock.GetUtcNow());
        }

        fleet._id = (await fleet._scene.BeginAsync(rule ?? Rule)).Id;
        await fleet.DecideAsync();
        return fleet;
    }

    public CheckIn Create(string node, int failures = 0)
    {
        int release = Document.ReleaseFor(node);
        return Reports.Create(node, release, new("threat", release), release == 2 ? failures : 0);
    }

    /// <param name="failures">Failed calls of 100 on a node that runs the candidate.</param>
    public void Report(IEnumerable<string> nodes, int failures = 0) => Report([.. nodes.Select(node => Create(node, failures))]);

    public void Report(params CheckIn[] reports) => _scene.Database.Write((connection, transaction) =>
    {
        long now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        Array.ForEach(reports, report => _recorder.Observe(connection, transaction, report, isSigned: true, now));
        return true;
    });

    public Task<Rollout> DecideAsync() => _director.DecideAsync(_id, CancellationToken.None);

    public Task CommandAsync(RolloutCommand command) => _director.CommandAsync(_id, command, "key 1", CancellationToken.None);

    /// <summary>Time passes in steps of four minutes; in each, nodes report before the relay decides.</summary>
    /// <param name="reporting">By the document of the moment; null: no node.</param>
    public async Task PassAsync(TimeSpan time, Func<IEnumerable<string>>? reporting = null, int failures = 0)
    {
        TimeSpan step = TimeSpan.FromMinutes(4);
        for (TimeSpan left = time; left > TimeSpan.Zero && Rollout.Outcome == RolloutOutcome.Open; left -= step)
        {
            Clock.Advance(step);
            Report(reporting?.Invoke() ?? [], failures);
            await DecideAsync();
        }
    }

    /// <summary>The candidates that count by a metric in the present round, and their mean as a part of its cap.</summary>
    public (long Nodes, double Mean) Count(string metric)
    {
        using DbConnection connection = _scene.Database.Open();
        ArmCounts? counts = new EvidenceTable(connection, null, _id).Read(1)[^1].Metrics.GetValueOrDefault(metric);
        return (counts?.Candidate.Nodes ?? 0, counts?.Candidate.Mean ?? 0);
    }

    /// <summary>The process that decides is another one from here on.</summary>
    public void RestartRelay() => _director = _scene.Director();

    public void Dispose() => _scene.Dispose();
}
