using System.Diagnostics;
using Relay.Server.Telemetry;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>The queue between the API and the one training worker.</summary>
internal sealed class TrainingQueue(TrainingRunStore runs, TrainingRunFeed feed, RelayTraces traces) : IDisposable
{
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
        while ((next = runs.ClaimNext()) is null)
        {
            await _arrivals.WaitAsync(cancellationToken);
        }

        feed.Announce(next.Id);
        return next;
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
