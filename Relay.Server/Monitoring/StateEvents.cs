using System.Globalization;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.Server.Webhooks;
using Relay.Server.Workers;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Monitoring;

/// <summary>The events of channels, pending publications and expiries. The signed repository and the keys are their only record: they are
/// compared with what was last seen, at the start, after each publication and once a minute.</summary>
internal sealed partial class StateEvents(
    TufRepository repository, RepositoryCache cache, ApprovalService approvals, TrustOverview trust, WebhookMarks marks, TimeProvider timeProvider,
    ILogger<StateEvents> log) : RelayWorker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();

    /// <summary>Adds the events of what has changed since the last look. One kind of state that cannot be read does not hide the others.</summary>
    internal void Check(CancellationToken cancellationToken = default)
    {
        void Compare(string kind, Func<IEnumerable<WebhookMark>> read, Func<string, WebhookMark>? ended = null)
        {
            try
            {
                marks.Update(kind, [.. read()], ended);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogUnreadable(e, kind);
            }
        }

        lock (_gate)
        {
            Compare("channel", () => cache.Read().Channels.Values.Select(Describe), DescribeDeletion);
            Compare("publication", () => approvals.List().Select(Describe));
            DateTimeOffset now = timeProvider.GetUtcNow();
            Compare("expiry", () => trust.Items()
                .Select(item => (Item: item, State: ExpiryAlerts.GetState(item, now)))
                .Where(due => due.State != ExpiryState.Fine)
                .Select(due => Describe(due.Item, due.State)));
        }
    }

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        RepositoryWatch.RunAsync(repository.Committer, () => Check(stoppingToken), Interval, timeProvider, stoppingToken);

    private static WebhookMark Describe(ChannelManifest channel) => new(
        channel.Channel, channel.Release.ToString(CultureInfo.InvariantCulture), WebhookEvents.ChannelReleased, $"channels/{channel.Channel}",
        new() { Channel = channel.Channel, Release = channel.Release });

    private static WebhookMark DescribeDeletion(string channel) =>
        new(channel, "", WebhookEvents.ChannelDeleted, $"channels/{channel}", new() { Channel = channel });

    private static WebhookMark Describe(PendingPublication publication) => new(
        publication.Id, "", WebhookEvents.PublicationPending, $"pending/{publication.Id}",
        new() { Publication = publication.Id, By = publication.ProposedBy, ExpiresAt = publication.Expires });

    private static WebhookMark Describe(ExpiringItem item, ExpiryState state) => new(
        item.Subject, $"{state} {item.Expires:O}", WebhookEvents.KeyDue, $"trust/{item.Subject}",
        new() { Reason = state == ExpiryState.Expired ? "expired" : "due", Detail = item.Subject, ExpiresAt = item.Expires });

    [LoggerMessage(1055, LogLevel.Error, "The relay cannot add the events of kind {Kind} that webhooks receive; it tries again in a minute")]
    private partial void LogUnreadable(Exception exception, string kind);
}
