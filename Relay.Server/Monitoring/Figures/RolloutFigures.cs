using System.Data.Common;
using Dapper;
using Relay.Server.Rollouts;
using Relay.Server.Rollouts.Planning;
using Relay.Server.Storage;

namespace Relay.Server.Monitoring.Figures;

/// <summary>Rollouts.</summary>
internal sealed class RolloutFigures(RelayDatabase database) : IFigureSource
{
    private static readonly Gauge Running = new("relay.rollouts.running", "{rollout}", "Rollouts that have not ended, by status: running, paused");
    private static readonly Gauge Ended = new("relay.rollouts.ended", "{rollout}", "Rollouts that ended, by outcome: completed, returned, refused")
    {
        IsCounter = true,
    };

    private static readonly Gauge Halted = new(
        "relay.rollouts.halted", "{rollout}", "Rollouts that were halted, by reason: evidence, timedout, operator, revoked")
    {
        IsCounter = true,
    };

    public string Part => "rollouts";

    public IReadOnlyList<Gauge> Gauges { get; } = [Running, Ended, Halted];

    public IEnumerable<Figure> Read()
    {
        using DbConnection connection = database.Open();
        (RolloutOutcome Outcome, string Status, string? Halted, long Count)[] rows = [.. connection
            .Query<(string Outcome, string Status, string? Halted, long Count)>(
                """
                SELECT outcome, lower(json_extract(state, '$.status')), lower(json_extract(state, '$.halted')), count(*)
                FROM rollouts GROUP BY 1, 2, 3
                """)
            .Select(row => (Enum.Parse<RolloutOutcome>(row.Outcome), row.Status, row.Halted, row.Count))];
        return
        [
            .. Names(RolloutStatus.Running, RolloutStatus.Paused).Select(status => Running.Measure(
                rows.Where(row => row.Outcome == RolloutOutcome.Open && row.Status == status).Sum(row => row.Count), "status", status)),
            .. ((RolloutOutcome[])[RolloutOutcome.Completed, RolloutOutcome.Returned, RolloutOutcome.Refused]).Select(outcome => Ended.Measure(
                rows.Where(row => row.Outcome == outcome).Sum(row => row.Count), "outcome", outcome.ToString().ToLowerInvariant())),
            .. Names(Enum.GetValues<HaltReason>()).Select(reason => Halted.Measure(
                rows.Where(row => row.Halted == reason).Sum(row => row.Count), "reason", reason)),
        ];
    }

    private static IEnumerable<string> Names<T>(params T[] values)
        where T : struct, Enum => values.Select(value => value.ToString().ToLowerInvariant());
}
