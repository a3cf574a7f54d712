using Relay.Server.Workers;

namespace Relay.Server.Retention;

/// <summary>Deletes every hour what the rules let go.</summary>
internal sealed partial class RetentionSweepWorker(RetentionSweep sweep, TimeProvider timeProvider, ILogger<RetentionSweepWorker> log)
    : RelayWorker
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                RetentionResult result = await sweep.RunAsync(dryRun: false, stoppingToken);
                if (result.Versions.Count + result.Runs.Count + result.Files.Count > 0)
                {
                    LogDeleted(result.Versions.Count, result.Runs.Count, result.Files.Count);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(1350, LogLevel.Information,
        "Retention: deleted {Versions} unpublished versions, {Runs} training runs, and {Files} artifact files that nothing refers to")]
    private partial void LogDeleted(int versions, int runs, int files);

    [LoggerMessage(1351, LogLevel.Error, "Versions and training runs that are due could not be deleted; the next try is in an hour")]
    private partial void LogFailed(Exception exception);
}
