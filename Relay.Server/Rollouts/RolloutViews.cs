using System.Data.Common;
using System.Text.Json;
using Relay.Server.Rollouts.Evidence;
using Relay.Server.Rollouts.Planning;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Rollouts;

/// <summary>Describes rollouts for people and programs. Its size does not grow with the fleet.</summary>
internal sealed class RolloutViews(RelayDatabase database, RolloutVerdicts verdicts, TimeProvider timeProvider)
{
    private const int NotableNodes = 50;

    /// <summary>What <see cref="RolloutView.Status"/> may be.</summary>
    public static IReadOnlyList<string> Statuses { get; } = ["running", "paused", "completing", "completed", "halting", "halted", "refused"];

    /// <param name="isWhole">With the evidence and the nodes.</param>
    public RolloutView Create(Rollout rollout, bool isWhole)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        RolloutRule rule = rollout.ReadRule();
        RolloutState state = rollout.ReadState();
        RoundVerdict? evidence = FindEvidence(rollout, isWhole, now);
        RolloutView view = new()
        {
            Id = rollout.Id,
            Channel = rollout.Channel,
            Base = rollout.BaseRelease,
            Candidate = rollout.CandidateRelease,
            Status = StatusOf(rollout, state),
            Stage = state.Stage,
            Percentage = rollout.Step == RolloutStep.Stage ? rollout.Percentage : state.Percentage,
            Round = rollout.Outcome == RolloutOutcome.Open ? RolloutClock.RoundAt(rule, state, now) : state.RoundNow(rule),
            WaitsFor = rollout.WaitsFor,
            StartedBy = rollout.StartedBy,
            CreatedAt = rollout.CreatedAt,
            FinishedAt = rollout.FinishedAt,
            Rule = RolloutRules.ToView(rule),
            Verdict = NameOf(evidence?.Verdict ?? Verdict.NoData),
            Uncounted = evidence?.Uncounted ?? 0,
        };
        return isWhole ? AddNodes(view, rollout) with
        {
            Metrics = [.. evidence?.Metrics.Select(metric => new RolloutMetricVerdict(
                metric.Metric, metric.Watch, NameOf(metric.Verdict), View(metric.Candidate), View(metric.Control), metric.MoreNodes)) ?? []],
            Thresholds = [.. evidence?.Thresholds.Select(threshold => new RolloutThresholdVerdict(
                threshold.Metric, NameOf(threshold.Verdict), threshold.Count, threshold.Nodes)) ?? []],
        }
        : view;
    }

    /// <summary>The evidence to show: of a failed round, else of the last one with values.</summary>
    public static RoundVerdict? FindDecisiveRound(IReadOnlyList<RoundVerdict> rounds) =>
        rounds.FirstOrDefault(round => round.Verdict == Verdict.Fail) ?? rounds.LastOrDefault(round => round.Verdict != Verdict.NoData)
            ?? rounds.LastOrDefault();

    private RoundVerdict? FindEvidence(Rollout rollout, bool isWhole, DateTimeOffset now) =>
        rollout.Summary is { } summary ? JsonSerializer.Deserialize(summary, RolloutJson.Default.RoundVerdict)
        : isWhole && rollout is { Outcome: RolloutOutcome.Open, IsBegun: true } ? FindDecisiveRound(verdicts.Evaluate(rollout, now))
        : null;

    private RolloutView AddNodes(RolloutView view, Rollout rollout)
    {
        using DbConnection connection = database.Open();
        EvidenceTable table = new(connection, null, rollout.Id);
        return view with { Nodes = table.CountStandings(), Notable = table.ListNotable(NotableNodes) };
    }

    private static string StatusOf(Rollout rollout, RolloutState state) => rollout.Outcome switch
    {
        RolloutOutcome.Completed => "completed",
        RolloutOutcome.Returned => "halted",
        RolloutOutcome.Refused => "refused",
        _ => rollout.Step switch
        {
            RolloutStep.Complete => "completing",
            RolloutStep.Return => "halting",
            _ => state.Status == RolloutStatus.Paused ? "paused" : "running",
        },
    };

    private static string NameOf(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "pass",
        Verdict.Fail => "fail",
        Verdict.NotYet => "not yet",
        _ => "no data",
    };

    private static RolloutArmView View(ArmSummary arm) => new(arm.Nodes, arm.Mean, arm.Low, arm.High);
}
