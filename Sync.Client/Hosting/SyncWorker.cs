using Microsoft.Extensions.Hosting;
using Sync.Client.Push;

namespace Sync.Client.Hosting;

/// <summary>The host's service of a node: it restores before the host serves, then updates by polls and by the relay's event stream until the host
/// stops. An air-gapped node does neither. No error of a node ends its host: each is in the node's status and in the log, and the next poll
/// tries again.</summary>
/// <param name="follower">Follows changes of the options; null for options that do not change.</param>
internal sealed class SyncWorker(SyncClient client, TimeProvider timeProvider, OptionsFollower? follower = null) : BackgroundService
{
    private readonly UpdateSchedule _schedule = new(() => client.Options.PollInterval, timeProvider);

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

        if (follower is not null)
        {
            follower.Applied = _schedule.PollNow;
            follower.Start();
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Updates until it is cancelled: for a program without a host, which has restored the node itself.</summary>
    internal Task RunAsync(CancellationToken cancellationToken) => ExecuteAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (client.Options.AirGapped)
        {
            return;
        }

        // After the first update: with it the node has become known to the relay, and the stream begins with what has changed since.
        await UpdateAsync(stoppingToken).ConfigureAwait(false);
        Task events = FollowEventsAsync(stoppingToken);
        Task samples = SendSamplesAsync(stoppingToken);
        try
        {
            while (true)
            {
                await _schedule.WaitAsync(stoppingToken).ConfigureAwait(false);
                await UpdateAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await events.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await samples.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        follower?.Dispose();
        base.Dispose();
    }

    private async Task UpdateAsync(CancellationToken stoppingToken)
    {
        bool isThrough = false;
        try
        {
            isThrough = (await client.RefreshAsync(stoppingToken).ConfigureAwait(false)).Refusal is null;
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            client.ReportUnexpected(e);
        }

        client.PlanNext(_schedule, isThrough);
    }

    private async Task SendSamplesAsync(CancellationToken stoppingToken)
    {
        while (client.Options.Samples is { } samples)
        {
            await Task.Delay(samples.Interval, timeProvider, stoppingToken).ConfigureAwait(false);
            try
            {
                await client.SendSamplesAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                client.ReportUnexpected(e);
            }
        }
    }

    private async Task FollowEventsAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await client.FollowEventsAsync(_schedule, stoppingToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                client.ReportUnexpected(e);
            }

            await Task.Delay(ReconnectDelay.Maximum, timeProvider, stoppingToken).ConfigureAwait(false);
        }
    }
}
