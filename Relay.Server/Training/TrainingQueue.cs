using System.Diagnostics;
using Relay.Server.Telemetry;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>The queue between the API and the one training worker.</summary>
internal sealed partial class TrainingQueue(
    TrainingRunStore runs, TrainingRunFeed feed, RunOwner owner, RelayTraces traces, ILogger<TrainingQueue> log) : IDisposable
{
    /// <summary>Of several processes that take runs, none tells the others.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly Lock _gate = new();
    private (long Id, CancellationTokenSource Cancellation)? _running;

    /// <param name="startedBy">The id of an API key.</param>
    /// <returns>Null for a model that is archived: nothing is queued.</returns>
    public TrainingRun? TryEnqueue(ModelSpec spec, TrainingDataSource data, string? startedBy, IReadOnlyList<GateAcceptance>? accept = null)
    {
        if (runs.TryAdd(spec, data, startedBy, accept) is not { } run)
        {
            return null;
        }

        traces.Note(TraceStep.Run(run.Id), Activity.Current);
        _arrivals.Release();
        return run;
    }

    /// <summary>Tells the worker of a run that was added otherwise.</summary>
    public void Announce() => _arrivals.Release();

    /// <returns>The run with its new state; null for an unknown id. A running run ends within a second.</returns>
    public TrainingRun? Cancel(long id)
    {
        TrainingRun? run = runs.RequestCancel(id);
        lock (_gate)
        {
            if (_running is { } running && running.Id == id)
            {
                running.Cancellation.Cancel();
            }
        }

        feed.Announce(id);
        return run is null ? null : feed.WithProgress(run);
    }

    /// <summary>Waits for the next run and marks it as running.</summary>
    public async Task<ClaimedRun> TakeAsync(CancellationToken cancellationToken)
    {
        ClaimedRun? next;
        while ((next = owner.IsShared ? TakeShared() : runs.ClaimNext()) is null)
        {
            await _arrivals.WaitAsync(owner.IsShared ? LookAgain : Timeout.InfiniteTimeSpan, cancellationToken);
        }

        feed.Announce(next.Id);
        return next;
    }

    /// <summary>Queues the runs again whose process is gone.</summary>
    public void Recover()
    {
        owner.Appear();
        int recovered = runs.Recover();
        if (recovered > 0)
        {
            LogRecovered(recovered);
        }
    }

    /// <summary>Registers the running run for <see cref="Cancel"/> until the result is disposed.</summary>
    public IDisposable Register(long id, CancellationTokenSource cancellation)
    {
        lock (_gate)
        {
            _running = (id, cancellation);
        }

        return new Registration(this);
    }

    public void Dispose() => _arrivals.Dispose();

    private ClaimedRun? TakeShared()
    {
        if (!runs.HasShared())
        {
            return null;
        }

        Recover();
        return runs.ClaimNext();
    }

    [LoggerMessage(1205, LogLevel.Information, "{Count} training runs, interrupted by the end of the process, are queued again")]
    private partial void LogRecovered(int count);

    private sealed class Registration(TrainingQueue queue) : IDisposable
    {
        public void Dispose()
        {
            lock (queue._gate)
            {
                queue._running = null;
            }
        }
    }
}
