using System.Security.Cryptography;

namespace Relay.Server.Repository;

/// <summary>Signs online metadata again long before it expires.</summary>
internal sealed partial class MetadataRenewalWorker(RepositoryPublisher publisher, TimeProvider time, ILogger<MetadataRenewalWorker> log)
    : BackgroundService
{
    /// <summary>Also after a failure: hourly signing leaves many tries before the day is over.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? told = null;
        using PeriodicTimer timer = new(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (publisher.NextDue() <= time.GetUtcNow() && await publisher.ResignAsync(stoppingToken))
                {
                    LogRenewed();
                }

                if (await publisher.StageRenewalAsync(stoppingToken) is { } waiting && waiting.Id != told)
                {
                    told = waiting.Id;
                    LogWaiting(publisher.Read().Targets.Expires, waiting.Id);
                }
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or CryptographicException)
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(1300, LogLevel.Debug, "Metadata was signed again")]
    private partial void LogRenewed();

    [LoggerMessage(1302, LogLevel.Warning, "Targets expire {Expires:u} and their keys are offline: sign the renewal by 'relay approve {Id}'")]
    private partial void LogWaiting(DateTimeOffset expires, string id);

    [LoggerMessage(1301, LogLevel.Error, "Metadata could not be signed again; the next try is in a minute")]
    private partial void LogFailed(Exception exception);
}
