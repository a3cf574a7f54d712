using Microsoft.Extensions.Logging;

namespace Sync.Client.Hosting;

/// <summary>Raises events one after the other on a pool thread, so that a handler holds up neither an update nor a prediction. One that
/// throws is logged, and the others hear of the event all the same.</summary>
internal sealed class EventQueue(ILogger logger)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Ends when all that was raised before has been told.</summary>
    public Task Told
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    public void Raise<T>(EventHandler<T>? handlers, object sender, T told)
    {
        if (handlers is null)
        {
            return;
        }

        lock (_gate)
        {
            _last = _last.ContinueWith(
                _ => Tell(handlers, sender, told), CancellationToken.None, TaskContinuationOptions.DenyChildAttach, TaskScheduler.Default);
        }
    }

    private void Tell<T>(EventHandler<T> handlers, object sender, T told)
    {
        foreach (EventHandler<T> handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                handler(sender, told);
            }
            catch (Exception e)
            {
                logger.HandlerFailed(e);
            }
        }
    }
}
