using System.Data.Common;
using Relay.Server.Fleet;
using Relay.Server.Rollouts.Evidence;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Reports;

namespace Relay.Server.Rollouts;

/// <summary>Counts signed reports as evidence of the rollout on their channel, in the transaction that stores them: a report counts when it is
/// durable, and once. A report without a signature never counts.</summary>
internal sealed class RolloutRecorder(RolloutScopes scopes, EvidenceGaps gaps, RolloutSignal signal)
    : ICheckInObserver, INodeExclusionObserver
{
    private const string Before = "evidence";

    // A node whose clock was further ahead would have no window again until then.
    private static readonly long FurthestAhead = (long)TimeSpan.FromDays(1).TotalMilliseconds;

    public void Observe(DbConnection connection, DbTransaction transaction, CheckIn report, bool isSigned, long now)
    {
        if (!isSigned || scopes.FindRollout(connection, transaction, report.Channel) is not { } rollout)
        {
            return;
        }

        transaction.Save(Before);
        try
        {
            Record(scopes.FindScope(rollout), new EvidenceTable(connection, transaction, rollout.Id), report, now);
            transaction.Release(Before);
        }
        catch (Exception e) when (!DatabaseErrors.EndsSavepoint(e))
        {
            transaction.Rollback(Before);
            gaps.Add(connection, transaction, rollout, now, e);
        }
    }

    public void Stored(CheckIn report)
    {
        if (scopes.IsKnown(report.Channel))
        {
            signal.Set();
        }
    }

    /// <summary>What was counted stays: counts have no names, and the rule bounds what a few nodes can do to a verdict. From here on the node counts
    /// for nothing, and its silence neither.</summary>
    public void Excluding(DbConnection connection, DbTransaction transaction, string node) => EvidenceTable.SetApart(connection, transaction, node);

    private void Record(RolloutScope scope, EvidenceTable table, CheckIn report, long now)
    {
        int round = scope.RoundAt(now);
        bool isLate = table.HasEnrolledSince(report.Node, scope.Rollout.CreatedAt.ToUnixTimeMilliseconds());
        Arm? arm = isLate ? null : scope.ArmOf(report.Node);
        RolloutNodeStanding standing = isLate ? RolloutNodeStanding.Late : scope.StandingOf(report, arm);
        NodeEvidence before = table.FindNode(report.Node) ?? NodeEvidence.Empty;
        NodeEvidence after = before;
        if (arm is { } counted)
        {
            after = CountFacts(scope, table, report, round, counted, standing, after);
            if (standing == RolloutNodeStanding.Runs)
            {
                after = CountUsage(scope, table, report, round, counted, after, now);
            }
        }

        bool runsCandidate = arm == Arm.Candidate && standing == RolloutNodeStanding.Runs;
        table.StoreNode(report.Node, arm, standing, after with { RanSince = after.RanSince ?? (runsCandidate ? now : null) }, now);
    }

    private static NodeEvidence CountFacts(
        RolloutScope scope, EvidenceTable table, CheckIn report, int round, Arm arm, RolloutNodeStanding standing, NodeEvidence evidence)
    {
        TallyStep step = evidence.Facts.Add(
            scope.Rule, scope.Salt, report.Node, round, report.Sequence, MetricShares.OfStanding(scope.Rule, standing));
        Count(table, round, arm, step);
        return evidence with { Facts = step.Tally };
    }

    private NodeEvidence CountUsage(
        RolloutScope scope, EvidenceTable table, CheckIn report, int round, Arm arm, NodeEvidence evidence, long now)
    {
        foreach (UsageWindow window in (report.Windows ?? []).OrderBy(window => window.Id).Where(window => IsOfStage(scope, report, window, now)))
        {
            TallyStep step = evidence.Usage.Add(
                scope.Rule, scope.Salt, report.Node, round, window.Id, MetricShares.OfUsage(
                    scope.Rule, window, usage => scope.IsCompared(arm, usage.Release, usage.Model, usage.Version), scopes.FindLabel));
            Count(table, round, arm, step);
            evidence = evidence with { Usage = step.Tally };
        }

        return evidence;
    }

    private static void Count(EvidenceTable table, int round, Arm arm, TallyStep step)
    {
        foreach (CountedValue value in step.Counted)
        {
            table.Count(round, value.Metric, arm, value.Bin);
        }
    }

    /// <summary>False for a window that was over before the stage began: it would compare the candidate with another time. Ages are by the node's
    /// clock, so that a clock that is wrong does no harm; but for a window of a clock far ahead, which would make all later ones old.</summary>
    private static bool IsOfStage(RolloutScope scope, CheckIn report, UsageWindow window, long now)
    {
        long age = report.At.ToUnixTimeMilliseconds() - window.Id - (window.Seconds * 1000L);
        return window.Id <= now + FurthestAhead && age <= scope.InStageAt(now).TotalMilliseconds;
    }
}
