using Relay.Server.Workers;
using Shared.Platform.Timing;

namespace Relay.Server.Monitoring;

/// <summary>Logs once when an item is about to expire, once when it has expired, and once when it was renewed.</summary>
internal sealed partial class ExpiryMonitor(TrustOverview trust, TimeProvider timeProvider, ILogger<ExpiryMonitor> log) : RelayWorker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, ExpiryState> _logged = new(StringComparer.Ordinal);

    /// <summary>Logs what has changed since the last check.</summary>
    internal void Check()
    {
        foreach (ExpiryChange change in ExpiryAlerts.FindChanges(_logged, trust.Items(), timeProvider.GetUtcNow()))
        {
            _logged[change.Item.Subject] = change.State;
            switch (change.State)
            {
                case ExpiryState.Due:
                    LogDue(change.Item.Subject, change.Item.Expires);
                    break;
                case ExpiryState.Expired:
                    LogExpired(change.Item.Subject, change.Item.Expires);
                    break;
                default:
                    LogRenewed(change.Item.Subject, change.Item.Expires);
                    break;
            }
        }
    }

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        PeriodicCheck.RunAsync(Check, LogUnreadable, Interval, timeProvider, stoppingToken);

    [LoggerMessage(1320, LogLevel.Warning, "{Subject} expires {Expires:u} and was not renewed")]
    private partial void LogDue(string subject, DateTimeOffset expires);

    [LoggerMessage(1321, LogLevel.Error, "{Subject} expired {Expires:u}")]
    private partial void LogExpired(string subject, DateTimeOffset expires);

    [LoggerMessage(1322, LogLevel.Information, "{Subject} was renewed and is valid until {Expires:u}")]
    private partial void LogRenewed(string subject, DateTimeOffset expires);

    [LoggerMessage(1323, LogLevel.Error, "The relay cannot read its metadata or certificates; it checks their expiry again in a minute")]
    private partial void LogUnreadable(Exception exception);
}
