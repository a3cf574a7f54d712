using Relay.Server.Datasets;
using Relay.Server.Models;
using Relay.Server.Training;
using Relay.Server.Workers;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Retraining;

/// <summary>Looks at all triggers once a minute, and starts the runs that are due.</summary>
internal sealed partial class TriggerWorker(
    TriggerStore triggers, TriggerEvaluation evaluation, ModelStore models, DatasetStore datasets, TrainingQueue queue, TrainingQuota quota,
    TimeProvider timeProvider, ILogger<TriggerWorker> log) : RelayWorker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>The triggers that were due and had no room, so that each is told of once.</summary>
    private readonly HashSet<long> _refused = [];

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, timeProvider);
        do
        {
            Run(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal void Run(CancellationToken cancellationToken)
    {
        try
        {
            foreach (StoredTrigger trigger in triggers.List(0, TriggerStore.Maximum))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!trigger.View.IsPaused)
                {
                    Run(trigger, cancellationToken);
                }
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnreadable(e);
        }
    }

    // One that cannot be evaluated must not stop the others.
    private void Run(StoredTrigger trigger, CancellationToken cancellationToken)
    {
        try
        {
            if (models.Find(trigger.View.Model) is not { ArchivedAt: null, Spec: var spec }
                || evaluation.Evaluate(trigger, spec, cancellationToken) is not { } change)
            {
                return;
            }

            if (!change.Fires)
            {
                triggers.SetMark(trigger.View.Id, change.Mark);
            }
            else if (quota.FindProblem(trigger.View.Model)?.ProblemDetails.Detail is { } exceeded)
            {
                if (_refused.Add(trigger.View.Id))
                {
                    LogRefused(trigger.View.Id, exceeded);
                }
            }
            else if (triggers.Fire(trigger, change.Mark, spec, datasets.AtPosition(trigger.View.Data)) is { } run)
            {
                queue.Announce();
                _refused.Remove(trigger.View.Id);
                LogFired(trigger.View.Id, run.Id, trigger.View.Model);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(e, trigger.View.Id);
        }
    }

    [LoggerMessage(1510, LogLevel.Information, "Trigger {Trigger} started training run {Run} of {Model}")]
    private partial void LogFired(long trigger, long run, string model);

    [LoggerMessage(1511, LogLevel.Error, "Trigger {Trigger} could not be evaluated; the next try is in a minute")]
    private partial void LogFailed(Exception exception, long trigger);

    [LoggerMessage(1513, LogLevel.Warning, "Trigger {Trigger} is due and starts no run, and is tried each minute: {Reason}")]
    private partial void LogRefused(long trigger, string reason);

    [LoggerMessage(1512, LogLevel.Error, "Triggers could not be read; the next try is in a minute")]
    private partial void LogUnreadable(Exception exception);
}
