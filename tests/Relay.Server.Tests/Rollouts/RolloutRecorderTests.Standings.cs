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

// Nodes that are in no arm.
public sealed partial class RolloutRecorderTests
{
    [Fact]
    public void Observe_NodeThatPinsOrRunsAnotherRelease_StandsApart()
    {
        Observe(Report(_candidates[0], release: 2, calls: 100, failures: 100) with { Steering = "Pinned to release 2" });
        Observe(Report(_controls[0], release: 2, calls: 100, failures: 100));
        Observe(Report(_candidates[1], release: 7, calls: 100, failures: 100));

        Assert.Equal(ArmCounts.Empty, Counts(Failures));
        Assert.Equal(3, Standings()[nameof(RolloutNodeStanding.Apart)]);
    }

    [Fact]
    public void Observe_NodeThatWaitsForItsMaintenanceWindow_IsInNoArmAndNeverSilent()
    {
        Observe(Report(_candidates[0], release: 1, calls: 100, failures: 100) with
        {
            Waiting = new(2, _scene.Repository.Clock.GetUtcNow().AddHours(10)),
            Refusals = [new(nameof(RefusalReason.SchemaMismatch), TargetPaths.Model("threat", 2), "classes differed", default)],
        });
        Observe(Report(_candidates[1], release: 1, calls: 100, failures: 100) with { Waiting = new(7, default) });

        using DbConnection connection = _scene.Database.Open();
        Assert.Equal(ArmCounts.Empty, Counts(Failures));
        Assert.Equal(ArmCounts.Empty, Counts("refused"));
        Assert.Equal((1, 1), (Standings()[nameof(RolloutNodeStanding.Window)], Standings()[nameof(RolloutNodeStanding.Waits)]));
        Assert.Empty(new EvidenceTable(connection, null, _rollout.Id).ListRunning());
    }

    [Fact]
    public void Observe_NodesThatRefuseOrQuarantineTheCandidate_CountThereAndLeaveTheOthers()
    {
        string digest = _scene.Repository.Read().Releases[2].Models.Single().Sha256;
        CheckIn kept = Report(_candidates[0], release: 1, calls: 100, failures: 0);
        Observe(kept with { Quarantine = [new("threat", 2, digest, nameof(RefusalReason.GoldenVectorMismatch))] });
        Observe(Report(_candidates[1], release: 1, calls: 100, failures: 0) with
        {
            Refusals = [new(nameof(RefusalReason.SchemaMismatch), TargetPaths.Model("threat", 2), "classes differ", default)],
        });
        Observe(Report(_candidates[2], release: 1, calls: 100, failures: 0) with
        {
            Refusals = [new(nameof(RefusalReason.TransportUnavailable), TargetPaths.Model("threat", 2), "no answer", default)],
        });

        Assert.Equal(ArmCounts.Empty, Counts(Failures));
        Assert.Equal((1, 1.0), (Counts("quarantined").Candidate.Nodes, Counts("quarantined").Candidate.Mean));
        Assert.Equal((1, 1.0), (Counts("refused").Candidate.Nodes, Counts("refused").Candidate.Mean));
        Assert.Equal(1, Standings()[nameof(RolloutNodeStanding.Waits)]);
    }

    [Fact]
    [Trait("Attack", "banned-node")]
    public void Excluding_NodeOfAnArm_CountsForNothingMoreAndIsNotSilent()
    {
        Observe(Report(_candidates[0], release: 2, calls: 100, failures: 100));
        Observe(Report(_candidates[1], release: 2, calls: 100, failures: 0));

        _scene.Database.Write((connection, transaction) =>
        {
            _recorder.Excluding(connection, transaction, _candidates[0]);
            return true;
        });

        using DbConnection connection = _scene.Database.Open();
        Assert.Equal([_candidates[1]], new EvidenceTable(connection, null, _rollout.Id).ListRunning().Select(node => node.Node));
        Assert.Equal(1, Standings()[nameof(RolloutNodeStanding.Apart)]);
    }
}
