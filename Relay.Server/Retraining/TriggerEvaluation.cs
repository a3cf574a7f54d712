using System.Collections.Concurrent;
using Relay.Server.Datasets;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Retraining;

/// <summary>Finds out whether a trigger has to start a run.</summary>
internal sealed class TriggerEvaluation(DatasetStore datasets, TimeProvider timeProvider)
{
    /// <summary>Between two runs for what came in: nodes, of which some may lie, decide how much that is.</summary>
    public static readonly TimeSpan MinimumPause = TimeSpan.FromHours(1);

    // When the drift of a trigger was last measured: that reads thousands of samples.
    private readonly ConcurrentDictionary<long, long> _measuredAt = [];

    /// <summary>The mark of a new trigger: it fires for what comes after.</summary>
    public long FirstMark(TriggerRule rule, TrainingDataSource data) => rule.DailyAt is { } time
        ? TriggerClock.LastDay(time, timeProvider.GetUtcNow())
        : PositionOf(data) ?? 0;

    /// <summary>Whether it fires, and its new mark; null where there is nothing to change.</summary>
    /// <exception cref="Exception">The dataset cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The relay stops.</exception>
    public (bool Fires, long Mark)? Evaluate(StoredTrigger trigger, ModelSpec model, CancellationToken cancellationToken)
    {
        TrainingTriggerView view = trigger.View;
        if (view.Rule.DailyAt is { } time)
        {
            long day = TriggerClock.LastDay(time, timeProvider.GetUtcNow());

            // A mark that is ahead is of a clock that was: the trigger goes on from today, and does not wait for that day.
            return day == trigger.Mark ? null : (day > trigger.Mark, day);
        }

        if (PositionOf(view.Data) is not { } position || position == trigger.Mark)
        {
            return null;
        }

        if (position < trigger.Mark)
        {
            // Of a dataset of this name that was deleted: all samples of the present one are new.
            return (false, view.Rule.NewSamples is null ? position : 0);
        }

        if (view.FiredAt is { } last && timeProvider.GetUtcNow() is var now && now >= last && now - last < MinimumPause)
        {
            return null;
        }

        if (view.Rule.NewSamples is { } samples)
        {
            return position - trigger.Mark >= samples ? (true, position) : null;
        }

        // Positions count labels as well: there are no more samples than this.
        return position - trigger.Mark >= DatasetDrift.MinimumRows ? FindDrift(trigger, model, position, cancellationToken) : null;
    }

    private (bool Fires, long Mark)? FindDrift(StoredTrigger trigger, ModelSpec model, long position, CancellationToken cancellationToken)
    {
        if ((_measuredAt.TryGetValue(trigger.View.Id, out long at) && timeProvider.GetElapsedTime(at) < MinimumPause)
            || datasets.Find(trigger.View.Data.Dataset!.Name) is not { } dataset)
        {
            return null;
        }

        switch (DatasetDrift.Measure(dataset, model, trigger.Mark, cancellationToken))
        {
            case { HasEnoughAfter: false }:
                return null;
            case { HasEnoughBefore: false } when trigger.Mark < DatasetDrift.MinimumRows:
                // There never were enough: the first samples are what later ones are compared with.
                return (false, position);
            case { HasEnoughBefore: false, Reference: var reference }:
                // Those of before were deleted. What came since differs from them as the newest differ from the oldest that are left.
                return reference is { } mark ? (false, mark) : null;
            case { Value: var drift }:
                _measuredAt[trigger.View.Id] = timeProvider.GetTimestamp();
                return drift > trigger.View.Rule.Drift ? (true, position) : null;
        }
    }

    private long? PositionOf(TrainingDataSource data) => datasets.AtPosition(data).Dataset?.Position;
}
