using System.Net;
using System.Net.Http.Json;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Reports;

namespace Relay.Server.Tests.Rollouts;

/// <summary>The whole way over HTTPS, on a relay that is closed to strangers: enrolled nodes sign their check-ins, and these alone move a
/// rollout.</summary>
public sealed class SignedRolloutTests : IAsyncLifetime
{
    private SignedRolloutRelay _relay = null!;

    public async ValueTask InitializeAsync() => _relay = await SignedRolloutRelay.StartAsync();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Rollout_HarmlessReleaseAndSignedReports_Completes()
    {
        RolloutView started = await _relay.BeginAsync();
        await _relay.ReportAllAsync(failures: 0);
        await _relay.WaitAsync(started.Id, rollout => rollout.Stage == 2);
        await _relay.ReportAllAsync(failures: 0);

        RolloutView ended = await _relay.WaitAsync(started.Id, rollout => rollout.FinishedAt is not null);

        Assert.Equal("completed", ended.Status);
        Assert.Equal(new ChannelManifest("stable", 2), _relay.Document);
    }

    [Fact]
    [Trait("Attack", "unsigned-evidence")]
    public async Task Rollout_HarmfulRelease_IsTakenBackBySignedReportsAlone()
    {
        RolloutView started = await _relay.BeginAsync();
        foreach (SigningNode node in _relay.Candidates)
        {
            // A stranger reports in the names of the nodes that run the candidate, as if it did well.
            using HttpResponseMessage refused = await _relay.Relay.Anonymous.PostAsync(
                Routes.CheckInsOf(node.Id), JsonContent.Create(_relay.Reports.Create(node.Id, 2, _relay.Next, 0), RelayApiJson.Default.CheckIn));
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        await _relay.ReportAllAsync(failures: 50);
        RolloutView ended = await _relay.WaitAsync(started.Id, rollout => rollout.FinishedAt is not null);

        Assert.Equal(("halted", 1), (ended.Status, ended.Stage));
        Assert.Equal(new ChannelManifest("stable", 1), _relay.Document);
    }

    /// <summary>Failures are none: the nodes that run the candidate are slow, or answer otherwise than the others.</summary>
    [Fact]
    public async Task Rollout_CandidateThatIsSlowOrLabelsOrScoresOtherwise_IsTakenBack()
    {
        RolloutMetricView both = SignedFleet.Failures with { Cap = 0.5, Harm = 0.05, PassMargin = 0.25, Direction = "Both" };
        (RolloutMetricView Metric, Func<VersionUsage, VersionUsage> Shape)[] harms =
        [
            (both with { Name = "slow", Kind = "Slow", SlowerThanMicroseconds = 1000 },
                usage => usage with { Latency = new(Bucket(TimeSpan.FromMilliseconds(20)), [FleetReports.Calls]) }),
            (both with { Name = "benign", Kind = "Label", Label = "benign" }, usage => usage with { Labels = new(0, [100]) }),
            (both with { Name = "score", Kind = "Score", Cap = 1, PassMargin = 0.5 },
                usage => usage with { Scores = new(ScoreBins.Bins - 1, [100]) }),
        ];
        foreach ((RolloutMetricView metric, Func<VersionUsage, VersionUsage> shape) in harms)
        {
            RolloutView started = await _relay.BeginAsync(SignedFleet.Rule with { Metrics = [SignedFleet.Failures, metric] });
            ChannelManifest document = _relay.Document;
            foreach (SigningNode node in _relay.Nodes)
            {
                CheckIn report = _relay.Create(node, document, failures: 0, shape);
                UsageWindow window = report.Windows![0];
                VersionUsage usage = window.Versions[0];
                await _relay.ReportAsync(
                    node, usage.Release == document.Release ? report with { Windows = [window with { Versions = [Usual(usage)] }] } : report);
            }

            RolloutView ended = await _relay.WaitAsync(started.Id, rollout => rollout.FinishedAt is not null);

            Assert.Equal(("halted", "fail"), (ended.Status, ended.Verdict));
            Assert.Equal("fail", ended.Metrics.Single(verdict => verdict.Metric == metric.Name).Verdict);
            Assert.NotEqual("fail", ended.Metrics.Single(verdict => verdict.Metric == "failures").Verdict);
        }
    }

    /// <summary>The relay's own hash says in which arm a node is: what it reports to run does not.</summary>
    [Fact]
    [Trait("Attack", "forged-reports")]
    public async Task Rollout_NodesThatHoldOrClaimTheOtherArm_StandApart()
    {
        RolloutView started = await _relay.BeginAsync();
        SigningNode control = _relay.Nodes.Except(_relay.Candidates).First();
        SigningNode holds = _relay.Candidates.First();

        await _relay.ReportAsync(control, _relay.Reports.Create(control.Id, 2, _relay.Next, failures: 100));
        await _relay.ReportAsync(holds, _relay.Reports.Create(holds.Id, 2, _relay.Next, failures: 100) with { Steering = "Held at release 2" });
        RolloutView view = await _relay.FindAsync(started.Id);
        FleetView fleet = (await _relay.Relay.Admin.GetFromJsonAsync(Routes.Fleet, RelayApiJson.Default.FleetView))!;

        Assert.Equal(2, view.Nodes["Apart"]);
        Assert.Equal(
            new[] { control.Id, holds.Id }.Order(StringComparer.Ordinal), view.Notable.Select(node => node.Node).Order(StringComparer.Ordinal));
        Assert.Equal((0, 0), (view.Metrics[0].Candidate.Nodes, view.Metrics[0].Control.Nodes));
        Assert.Equal(
            ["candidate", "control"],
            fleet.Usage.Where(usage => usage.Release == 2).Select(usage => usage.Cohort).Order(StringComparer.Ordinal));
    }

    private static VersionUsage Usual(VersionUsage usage) => usage with
    {
        Latency = new(Bucket(TimeSpan.FromMicroseconds(20)), [FleetReports.Calls]),
        Labels = new(0, [20, 60, 20]),
        Scores = new(0, [100]),
    };

    private static int Bucket(TimeSpan duration) =>
        Enumerable.Range(0, LatencyHistogram.Buckets).First(bucket => LatencyHistogram.UpperBound(bucket) >= duration.TotalNanoseconds);
}
