using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sync.Client.Reports;

namespace Sync.Client.Hosting;

/// <summary>The host's service of a node: it restores before the host serves, then polls until the host stops. An air-gapped node does not poll.</summary>
internal sealed class SyncWorker(
    SyncClient client, IOptions<RelaySyncOptions> options, TimeProvider timeProvider, ILogger<SyncWorker> logger) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await client.RestoreAsync(cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!options.Value.AirGapped && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await client.RefreshAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The next poll may succeed, for example on a disk that was full.
                logger.RefreshFailed(e);
            }

            double jitter = 0.8 + (0.4 * Random.Shared.NextDouble());
            await Task.Delay(options.Value.PollInterval * jitter, timeProvider, stoppingToken).ConfigureAwait(false);
        }
    }
}
