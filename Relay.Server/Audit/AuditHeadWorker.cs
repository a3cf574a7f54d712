using Relay.Server.Workers;
using Shared.Platform.Timing;

namespace Relay.Server.Audit;

/// <summary>Signs the head of the audit log every hour in which the log grew.</summary>
internal sealed partial class AuditHeadWorker(AuditHeads heads, TimeProvider timeProvider, ILogger<AuditHeadWorker> log) : RelayWorker
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        PeriodicCheck.RunAsync(() => heads.Sign(), LogFailed, Interval, timeProvider, stoppingToken);

    [LoggerMessage(1033, LogLevel.Error, "The head of the audit log could not be signed; the next try is in an hour")]
    private partial void LogFailed(Exception exception);
}
