namespace Relay.Server.Monitoring;

/// <summary>Tells the log once when something is about to expire, once when it has, and once when it was renewed.</summary>
internal sealed partial class ExpiryMonitor(TrustOverview trust, TimeProvider time, ILogger<ExpiryMonitor> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, ExpiryState> _told = new(StringComparer.Ordinal);

    /// <summary>Looks once, and logs what changed since the last look.</summary>
    internal void Look()
    {
        foreach (ExpiryChange change in ExpiryAlerts.Changes(_told, trust.Items(), time.GetUtcNow()))
        {
            _told[change.Item.Subject] = change.State;
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        do
        {
            try
            {
                Look();
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                LogBlind(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1320, LogLevel.Warning, "{Subject} expires {Expires:u} and was not renewed")]
    private partial void LogDue(string subject, DateTimeOffset expires);

    [LoggerMessage(1321, LogLevel.Error, "{Subject} expired {Expires:u}")]
    private partial void LogExpired(string subject, DateTimeOffset expires);

    [LoggerMessage(1322, LogLevel.Information, "{Subject} was renewed and holds until {Expires:u}")]
    private partial void LogRenewed(string subject, DateTimeOffset expires);

    [LoggerMessage(1323, LogLevel.Error, "What expires cannot be read; the next look is in a minute")]
    private partial void LogBlind(Exception exception);
}
