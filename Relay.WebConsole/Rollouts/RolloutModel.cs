using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Rollouts;

/// <summary>What the page of a rollout shows.</summary>
/// <param name="Events">What happened, the oldest first.</param>
public sealed record RolloutModel(RolloutView Rollout, IReadOnlyList<RolloutEventView> Events)
{
    private const int MaximumEvents = 1_000;

    /// <summary>Whether the API takes commands: it is not over, and not ending.</summary>
    public bool TakesCommands => Rollout.Status is "running" or "paused";

    /// <summary>Why it was halted; null where it was not.</summary>
    public RolloutEventView? Halt => Events.LastOrDefault(happened => happened.Kind is "halted" or "refused");

    /// <summary>When the present stage was published; null where that is still to come.</summary>
    public DateTimeOffset? StageBegan => Events
        .SkipWhile(happened => happened.Id < (Events.LastOrDefault(e => e.Kind is "started" or "advanced" or "skipped")?.Id ?? 0))
        .FirstOrDefault(happened => happened.Kind == "published")?.At;

    public RolloutStageView? Stage => Rollout.Rule.Stages?.ElementAtOrDefault(Rollout.Stage - 1);

    /// <summary>How a metric is compared.</summary>
    internal RolloutMetricView? RuleOf(string metric) => Rollout.Rule.Metrics?.FirstOrDefault(rule => rule.Name == metric);

    internal static async Task<RolloutModel> ReadAsync(PageRequest request, long id, CancellationToken cancellationToken)
    {
        RolloutView rollout = await request.Api.Rollouts.FindAsync(id, cancellationToken);
        List<RolloutEventView> events = [];
        await foreach (RolloutEventView happened in request.Api.Rollouts.ListEventsAsync(id, cancellationToken))
        {
            events.Add(happened);
            if (events.Count == MaximumEvents)
            {
                break;
            }
        }

        return new RolloutModel(rollout, events);
    }
}
