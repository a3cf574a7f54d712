using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Relay.Server.Replicas;

/// <summary>The server of the relay in a replica. It has no connections: the server of the replica, which stays while relays come and go, hands it
/// requests.</summary>
internal sealed class InnerServer : IServer
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<IFeatureCollection, Task>? _process;
    private int _running;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        lock (_gate)
        {
            _process = features => ProcessAsync(application, features);
        }

        return Task.CompletedTask;
    }

    /// <summary>Lets the relay answer a request.</summary>
    /// <returns>Null when it does not take requests: it has not started, or it stops.</returns>
    public Task? TryProcess(IFeatureCollection request)
    {
        Func<IFeatureCollection, Task>? process;
        lock (_gate)
        {
            process = _process;
            if (process is null)
            {
                return null;
            }

            _running++;
        }

        return CountAsync(process, request);
    }

    /// <summary>Takes no more requests, and waits for those that it has.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _process = null;
            if (_running == 0)
            {
                _drained.TrySetResult();
            }
        }

        await _drained.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
    }

    private async Task CountAsync(Func<IFeatureCollection, Task> process, IFeatureCollection request)
    {
        try
        {
            await process(request);
        }
        finally
        {
            lock (_gate)
            {
                if (--_running == 0 && _process is null)
                {
                    _drained.TrySetResult();
                }
            }
        }
    }

    private static async Task ProcessAsync<TContext>(IHttpApplication<TContext> application, IFeatureCollection request)
        where TContext : notnull
    {
        // The services of a request are those of the relay that answers it.
        request.Set<IServiceProvidersFeature>(null);
        TContext context = application.CreateContext(request);
        try
        {
            await application.ProcessRequestAsync(context);
        }
        catch (Exception e)
        {
            application.DisposeContext(context, e);
            throw;
        }

        application.DisposeContext(context, null);
    }
}
