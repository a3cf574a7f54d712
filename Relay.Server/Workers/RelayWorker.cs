namespace Relay.Server.Workers;

/// <summary>Work that a relay does by itself for as long as it runs. What fails because the relay stops is a part of the stop: the host logs no
/// failure of the worker, and does not take it for the reason of the stop.</summary>
internal abstract class RelayWorker : BackgroundService
{
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception failed) when (failed is not OperationCanceledException && stoppingToken.IsCancellationRequested)
        {
            // Such as a write of a relay that another one has replaced.
            throw new OperationCanceledException(failed.Message, failed, stoppingToken);
        }
    }

    /// <summary>Works until the relay stops. What it throws before stops the relay.</summary>
    protected abstract Task RunAsync(CancellationToken stoppingToken);
}
