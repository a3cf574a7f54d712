using System.Data.Common;
using Dapper;
using Relay.Server.Models;
using Relay.Server.Rollouts;
using Relay.Server.Rollouts.Evidence;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Reports;

namespace Relay.Server.Tests.Rollouts;

public sealed partial class RolloutRecorderTests : IAsyncLifetime
{
    private const string Failures = "failures";
    private readonly string[] _candidates = NodesOf(Arm.Candidate);
    private readonly string[] _controls = NodesOf(Arm.Control);
    private RolloutScene _scene = null!;
    private RolloutRecorder _recorder = null!;
    private Rollout _rollout = null!;
    private long _sequence = 1;

    public async ValueTask InitializeAsync()
    {
        _scene = await RolloutScene.StartAsync();
        _rollout = await _scene.BeginAsync(percentage: 50);
        _recorder = _scene.Recorder();
    }

    public ValueTask DisposeAsync()
    {
        _scene.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Observe_SignedReportsOfBothArms_CountOncePerRound()
    {
        for (int i = 0; i < 3; i++)
        {
            Observe(Report(_candidates[0], release: 2, calls: 100, failures: 100));
            Observe(Report(_controls[0], release: 1, calls: 100, failures: 0));
        }

        ArmCounts counts = Counts(Failures);
        Assert.Equal((1, 1.0), (counts.Candidate.Nodes, counts.Candidate.Mean));
        Assert.Equal((1, 0.0), (counts.Control.Nodes, counts.Control.Mean));
        Assert.Equal((1, 1), (Counts("refused").Candidate.Nodes, Counts("refused").Control.Nodes));
    }

    [Fact]
    [Trait("Attack", "unsigned-evidence")]
    public void Observe_UnsignedReports_NeverCount()
    {
        Observe(Report(_candidates[0], release: 2, calls: 100, failures: 100), isSigned: false);

        Assert.Equal(ArmCounts.Empty, Counts(Failures));
        Assert.Empty(Standings());
    }

    /// <summary>Neither a new node nor one that an operator removed and that enrolled again, so that it would count twice.</summary>
    [Fact]
    [Trait("Attack", "reporters-made-up")]
    public void Observe_NodeThatEnrolledAfterTheStart_IsInNeitherArm()
    {
        long start = _scene.Store.Find(_rollout.Id)!.CreatedAt.ToUnixTimeMilliseconds();
        Enroll(_candidates[0], start + 1);
        Enroll(_candidates[1], start - 1);

        Observe(Report(_candidates[0], release: 2, calls: 100, failures: 100));
        Observe(Report(_candidates[1], release: 2, calls: 100, failures: 100));

        Assert.Equal(1, Counts(Failures).Candidate.Nodes);
        Assert.Equal(1, Standings()[nameof(RolloutNodeStanding.Late)]);
    }

    [Fact]
    [Trait("Attack", "replayed-reports")]
    public void Observe_RepeatedLateAndReorderedReports_ChangeNothing()
    {
        CheckIn first = Report(_candidates[0], release: 2, calls: 10, failures: 0);
        CheckIn second = Report(_candidates[0], release: 2, calls: 100, failures: 100);
        Observe(second);
        ArmCounts before = Counts(Failures);

        Observe(second);
        Observe(first);
        Observe(second with { At = second.At.AddMinutes(1) });

        Assert.Equal(before, Counts(Failures));
        Assert.Equal(1, before.Candidate.Nodes);
    }

    [Fact]
    public void Observe_WindowFromBeforeTheRollout_IsNotCompared()
    {
        CheckIn report = Report(_controls[0], release: 1, calls: 100, failures: 100);
        UsageWindow old = report.Windows![0] with { Id = report.Windows[0].Id - (long)TimeSpan.FromDays(2).TotalMilliseconds };

        Observe(report with { Windows = [old] });

        Assert.Equal(0, Counts(Failures).Control.Nodes);
    }

    [Fact]
    public async Task Observe_AfterTheEnd_CountsNothingAndKeepsNoNode()
    {
        Observe(Report(_candidates[0], release: 2, calls: 100, failures: 100));

        await _scene.Transitions().BeginStepAsync(
            _scene.Store.Find(_rollout.Id)!, RolloutStep.Return, 0, _rollout.State, RolloutEvents.Halted, "", "relay", CancellationToken.None);
        Observe(Report(_candidates[1], release: 2, calls: 100, failures: 100));

        Assert.Equal(ArmCounts.Empty, Counts(Failures));
        Assert.Empty(Standings());
    }

    private static string[] NodesOf(Arm arm) => [.. Enumerable.Range(0, 200)
        .Select(i => $"node-{i}")
        .Where(node => ArmAssignment.Find(node, RolloutScene.Salt, 50, 50) == arm)
        .Take(5)];

    private CheckIn Report(string node, int release, long calls, long failures)
    {
        DateTimeOffset now = _scene.Repository.Clock.GetUtcNow();
        return new()
        {
            Node = node,
            Channel = "stable",
            Release = release,
            Stale = false,
            At = now,
            Models = [],
            Refusals = [],
            Quarantine = [],
            Sequence = _sequence++,
            Windows =
            [
                new()
                {
                    Id = now.ToUnixTimeMilliseconds() + _sequence,
                    Seconds = 1,
                    Versions = [new() { Release = release, Model = "threat", Version = release, Calls = calls, Rows = calls, Failures = failures }],
                },
            ],
        };
    }

    private void Observe(CheckIn report, bool isSigned = true) => _scene.Database.Write((connection, transaction) =>
    {
        _recorder.Observe(connection, transaction, report, isSigned, _scene.Repository.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        return true;
    });

    private ArmCounts Counts(string metric)
    {
        using DbConnection connection = _scene.Database.Open();
        return new EvidenceTable(connection, null, _rollout.Id).Read(1).SingleOrDefault()?.Metrics.GetValueOrDefault(metric) ?? ArmCounts.Empty;
    }

    private void Enroll(string node, long at) => _scene.Database.Write((connection, transaction) => connection.Execute(
        """
        INSERT INTO enrollment_tokens (id, name, hash, created_at, expires_at, uses) VALUES (1, 'test', randomblob(32), 0, 0, 1) ON CONFLICT DO NOTHING;
        INSERT INTO node_keys (node, public_key, identity, enrolled_at, token) VALUES (@node, zeroblob(1), @node, @at, 1);
        """,
        new { node, at }, transaction));

    private IReadOnlyDictionary<string, long> Standings()
    {
        using DbConnection connection = _scene.Database.Open();
        return new EvidenceTable(connection, null, _rollout.Id).CountStandings();
    }
}
