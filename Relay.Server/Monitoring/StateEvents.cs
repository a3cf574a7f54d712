using System.Globalization;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.Server.Webhooks;
using Shared.Contracts.Api;

namespace Relay.Server.Monitoring;

/// <summary>The events of channels, pending publications and expiries. The signed repository and the keys are their only record: they are
/// compared with what was last seen, at the start, after each publication and once a minute.</summary>
internal sealed partial class StateEvents(
    TufRepository repository, RepositoryCache cache, ApprovalService approvals, TrustOverview trust, WebhookMarks marks, TimeProvider timeProvider,
    ILogger<StateEvents> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim _published = new(0, 1);
    private readonly Lock _gate = new();

    public override void Dispose()
    {
        _published.Dispose();
        base.Dispose();
    }

    /// <summary>Adds the events of what has changed since the last look.</summary>
    internal void Check()
    {
        lock (_gate)
        {
            RepositorySnapshot snapshot = cache.Read();
            marks.Update("channel", [.. snapshot.Channels.Values.Select(channel => new WebhookMark(
                channel.Channel, Text(channel.Release), WebhookEvents.ChannelReleased, $"channels/{channel.Channel}",
                new() { Channel = channel.Channel, Release = channel.Release }))], DescribeDeletion);
            marks.Update("publication", [.. approvals.List().Select(Describe)]);
            DateTimeOffset now = timeProvider.GetUtcNow();
            marks.Update("expiry", [.. trust.Items()
                .Select(item => (item, State: ExpiryAlerts.GetState(item, now)))
                .Where(due => due.State != ExpiryState.Fine)
                .Select(due => Describe(due.item, due.State))]);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        repository.Committer.Committed += Wake;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    Check();
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    LogUnreadable(e);
                }

                await _published.WaitAsync(Interval, stoppingToken);
            }
        }
        finally
        {
            repository.Committer.Committed -= Wake;
        }
    }

    // The publication is not over yet: the look itself comes on another thread.
    private void Wake(RepositoryChange change)
    {
        if (_published.CurrentCount == 0)
        {
            _published.Release();
        }
    }

    private static WebhookMark DescribeDeletion(string channel) =>
        new(channel, "", WebhookEvents.ChannelDeleted, $"channels/{channel}", new() { Channel = channel });

    private static WebhookMark Describe(PendingPublication publication) => new(
        publication.Id, "", WebhookEvents.PublicationPending, $"pending/{publication.Id}",
        new() { Publication = publication.Id, By = publication.ProposedBy, ExpiresAt = publication.Expires });

    private static WebhookMark Describe(ExpiringItem item, ExpiryState state) => new(
        item.Subject, $"{state} {item.Expires:O}", WebhookEvents.KeyDue, $"trust/{item.Subject}",
        new() { Reason = state == ExpiryState.Expired ? "expired" : "due", Detail = item.Subject, ExpiresAt = item.Expires });

    private static string Text(int release) => release.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(
        1055, LogLevel.Error, "The relay cannot compare channels, publications and expiries with what webhooks know; it tries again in a minute")]
    private partial void LogUnreadable(Exception exception);
}
