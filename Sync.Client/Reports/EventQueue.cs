using Microsoft.Extensions.Logging;

namespace Sync.Client.Reports;

/// <summary>Raises events one after the other on a pool thread, so that a handler delays neither an update nor a prediction. A handler
/// that throws is logged, and the others are called all the same.</summary>
internal sealed class EventQueue(ILogger logger)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Completes when the handlers of all events raised before have returned.</summary>
    public Task Handled
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    public void Raise<T>(EventHandler<T>? handlers, object sender, T arguments)
    {
        if (handlers is null)
        {
            return;
        }

        lock (_gate)
        {
            _last = _last.ContinueWith(
                _ => CallHandlers(handlers, sender, arguments), CancellationToken.None, TaskContinuationOptions.DenyChildAttach,
                TaskScheduler.Default);
        }
    }

    private void CallHandlers<T>(EventHandler<T> handlers, object sender, T arguments)
    {
        foreach (EventHandler<T> handler in handlers.GetInvocationList().Cast<EventHandler<T>>())
        {
            try
            {
                handler(sender, arguments);
            }
            catch (Exception e)
            {
                logger.HandlerFailed(e);
            }
        }
    }
}
