using Relay.Server.Signing;
using Relay.Server.Workers;

namespace Relay.Server.Repository.Renewal;

/// <summary>Signs online metadata again long before it expires, and reports when people must sign.</summary>
internal sealed partial class MetadataRenewalWorker(
    RenewalService renewal, TufRepository repository, SigningMeter meter, TimeProvider timeProvider, ILogger<MetadataRenewalWorker> log)
    : RelayWorker
{
    /// <summary>Also after a failure: the timestamp is due each hour and valid for a day, which leaves many tries.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        string? reported = null;
        using PeriodicTimer timer = new(Interval, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (renewal.NextDue() <= timeProvider.GetUtcNow() && await renewal.RenewDueAsync(stoppingToken))
                {
                    LogRenewed();
                }

                if (await renewal.StageAsync(stoppingToken) is { } waiting && waiting.Id != reported)
                {
                    reported = waiting.Id;
                    LogWaiting(repository.Read().Targets.Expires, waiting.Id);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                meter.CountFailure(SigningMeter.Renewal, e);
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
