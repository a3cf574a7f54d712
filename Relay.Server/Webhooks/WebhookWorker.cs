using Relay.Server.Storage;
using Relay.Server.Workers;
using Shared.Contracts.Api;
using Shared.Platform.Timing;

namespace Relay.Server.Webhooks;

/// <summary>Delivers events, in order for each webhook and for each on its own: a receiver that is slow or dead holds no other.</summary>
internal sealed partial class WebhookWorker(
    WebhookStore webhooks, WebhookEventStore events, WebhookPosition position, WebhookSender sender, WebhookMeter meter, WebhookSettings settings,
    TimeProvider timeProvider, ILogger<WebhookWorker> log) : RelayWorker
{
    private static readonly TimeSpan IntervalOfDeletion = TimeSpan.FromHours(1);

    private readonly WakeSignal _changed = new();
    private readonly Dictionary<long, Task> _running = [];
    private long? _deletedAt;

    /// <summary>Looks at once, such as after a webhook was made or resumed.</summary>
    public void Wake() => _changed.Set();

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await _changed.WaitAsync(Look(stoppingToken), timeProvider, stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(_running.Values);
        }
    }

    /// <summary>Starts the deliveries that are due and do not run yet.</summary>
    /// <returns>The pause until the next look, which is long where no webhook waits for events.</returns>
    private TimeSpan Look(CancellationToken cancellationToken)
    {
        try
        {
            DeleteOld();
            foreach (long ended in _running.Where(running => running.Value.IsCompleted).Select(running => running.Key).ToArray())
            {
                _running.Remove(ended);
            }

            StoredWebhook[] active = [.. webhooks.List().Where(webhook => webhook.State == WebhookView.Active)];
            foreach (StoredWebhook webhook in active.Where(webhook => !_running.ContainsKey(webhook.Id) && position.IsDue(webhook)))
            {
                _running[webhook.Id] = Task.Run(() => DeliverAllAsync(webhook.Id, cancellationToken), CancellationToken.None);
            }

            return active.Length > 0 ? settings.Interval : IntervalOfDeletion;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnreadable(e);
            return settings.FirstPause;
        }
    }

    private async Task DeliverAllAsync(long id, CancellationToken cancellationToken)
    {
        try
        {
            while (webhooks.Find(id) is { } webhook && position.IsDue(webhook) && events.FindNext(webhook) is var (sequence, next)
                && await DeliverAsync(webhook, sequence, next, cancellationToken))
            {
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The relay stops: the event is delivered after its next start.
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(e, id);

            // The next look starts the webhook again only when this has ended.
            await Task.Delay(settings.FirstPause, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>False when the event was not delivered.</returns>
    private async Task<bool> DeliverAsync(StoredWebhook webhook, long sequence, WebhookEvent next, CancellationToken cancellationToken)
    {
        WebhookAttempt attempt = await sender.SendAsync(webhook, next, cancellationToken);
        meter.Record(attempt);
        bool isFailing = position.Store(webhook, sequence, next, attempt);
        if (isFailing)
        {
            LogFailing(webhook.Id, webhook.Name, attempt.Error!);
        }
        else if (attempt.Error is { } error && webhook.Failures == 0)
        {
            LogRetrying(webhook.Id, webhook.Name, error);
        }
        else if (attempt.Error is null && webhook.Failures > 0)
        {
            LogDelivered(webhook.Id, webhook.Name, webhook.Failures);
        }

        return attempt.Error is null;
    }

    private void DeleteOld()
    {
        if (_deletedAt is { } last && timeProvider.GetElapsedTime(last) < IntervalOfDeletion)
        {
            return;
        }

        events.DeleteOld();
        _deletedAt = timeProvider.GetTimestamp();
    }

    [LoggerMessage(1050, LogLevel.Error, "Webhooks cannot be read; the relay tries again in a moment")]
    private partial void LogUnreadable(Exception exception);

    [LoggerMessage(1051, LogLevel.Error, "What webhook {Id} received cannot be read or stored; the relay tries again in a moment")]
    private partial void LogFailed(Exception exception, long id);

    [LoggerMessage(1052, LogLevel.Warning, "Webhook {Id} '{Name}' did not take an event: {Error}. The relay tries again for a day")]
    private partial void LogRetrying(long id, string name, string error);

    [LoggerMessage(1053, LogLevel.Information, "Webhook {Id} '{Name}' takes events again, after {Failures} attempts that failed")]
    private partial void LogDelivered(long id, string name, long failures);

    [LoggerMessage(
        1054, LogLevel.Error,
        "Webhook {Id} '{Name}' is paused, since it took no event for a day or asks for no more: {Error}. Events wait until 'relay webhook resume'")]
    private partial void LogFailing(long id, string name, string error);
}
