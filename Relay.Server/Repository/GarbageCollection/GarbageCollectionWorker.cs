using Relay.Server.Storage;
using Relay.Server.Workers;
using Shared.Platform.Files;

namespace Relay.Server.Repository.GarbageCollection;

/// <summary>Collects garbage every hour, so that unreachable files are removed when their grace period is over, and within a minute
/// of a change, so that the grace period starts then.</summary>
internal sealed partial class GarbageCollectionWorker(
    DataFolder folder, TufRepository repository, RepositoryCache cache, IPastTimestamps past, TimeProvider timeProvider,
    ILogger<GarbageCollectionWorker> log)
    : RelayWorker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaximumPause = TimeSpan.FromHours(1);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        GarbageCollector collector = new(folder.Repository, timeProvider, new DurableFiles(), repository.LockWait, past.Find);
        (long Snapshot, DateTimeOffset At) last = (0, timeProvider.GetUtcNow());
        using PeriodicTimer timer = new(Interval, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                (long Snapshot, DateTimeOffset At) now = (cache.Read().Snapshot.Version, timeProvider.GetUtcNow());
                if (now.Snapshot == last.Snapshot && now.At - last.At < MaximumPause)
                {
                    continue;
                }

                GarbageCollectionResult result = await collector.RunAsync(dryRun: false, stoppingToken);
                last = now;
                if (result.Removed.Count > 0)
                {
                    LogCollected(result.Removed.Count, result.Bytes);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(1330, LogLevel.Information, "Removed {Count} unreachable repository files of {Bytes} bytes")]
    private partial void LogCollected(int count, long bytes);

    [LoggerMessage(1331, LogLevel.Error, "Garbage of the repository could not be collected; the next try is in a minute")]
    private partial void LogFailed(Exception exception);
}
