using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Sync.Client.Hosting;

/// <summary>The host's service of a node: it restores before the host serves, then polls until the host stops. An air-gapped node does not poll.
/// No error of a node ends its host: each is in the node's status and in the log, and the next poll tries again.</summary>
internal sealed class SyncWorker(SyncClient client, IOptions<RelaySyncOptions> options, TimeProvider timeProvider) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await client.RestoreAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            client.ReportUnexpected(e);
        }

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
                client.ReportUnexpected(e);
            }

            double jitter = 0.8 + (0.4 * Random.Shared.NextDouble());
            await Task.Delay(options.Value.PollInterval * jitter, timeProvider, stoppingToken).ConfigureAwait(false);
        }
    }
}
