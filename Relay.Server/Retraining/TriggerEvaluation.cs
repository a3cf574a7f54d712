using Relay.Server.Datasets;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Retraining;

/// <summary>Finds out whether a trigger has to start a run.</summary>
internal sealed class TriggerEvaluation(DatasetStore datasets, TimeProvider timeProvider)
{
    /// <summary>Between two runs for what came in: nodes, of which some may lie, decide how much that is.</summary>
    public static readonly TimeSpan MinimumPause = TimeSpan.FromHours(1);

    /// <summary>The mark of a new trigger: it fires for what comes after.</summary>
    public long FirstMark(TriggerRule rule, TrainingDataSource data) => rule.DailyAt is { } time
        ? TriggerClock.LastDay(time, timeProvider.GetUtcNow())
        : PositionOf(data) ?? 0;

    /// <summary>Whether it fires, and its new mark; null where there is nothing to change.</summary>
    /// <exception cref="Exception">The dataset cannot be read.</exception>
    public (bool Fires, long Mark)? Evaluate(StoredTrigger trigger, ModelSpec model)
    {
        TrainingTriggerView view = trigger.View;
        if (view.Rule.DailyAt is { } time)
        {
            long day = TriggerClock.LastDay(time, timeProvider.GetUtcNow());

            // A mark that is ahead is of a clock that was: the trigger goes on from today, and does not wait for that day.
            return day == trigger.Mark ? null : (day > trigger.Mark, day);
        }

        if (view.FiredAt is { } last && timeProvider.GetUtcNow() is var now && now >= last && now - last < MinimumPause)
        {
            return null;
        }

        if (PositionOf(view.Data) is not { } position || position <= trigger.Mark)
        {
            return null;
        }

        bool isDue = view.Rule.NewSamples is { } samples
            ? position - trigger.Mark >= samples
            : datasets.Find(view.Data.Dataset!.Name) is { } dataset
                && DatasetDrift.Measure(dataset, model, trigger.Mark) > view.Rule.Drift;
        return isDue ? (true, position) : null;
    }

    private long? PositionOf(TrainingDataSource data) => datasets.AtPosition(data).Dataset?.Position;
}
