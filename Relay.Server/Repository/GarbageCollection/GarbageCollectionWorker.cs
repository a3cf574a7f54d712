using Relay.Server.Storage;

namespace Relay.Server.Repository.GarbageCollection;

/// <summary>Sweeps the repository every hour, so that what a publication left behind goes when its grace is over, and within a minute
/// of a change, so that the grace begins then.</summary>
internal sealed partial class GarbageCollectionWorker(
    DataFolder folder, RepositoryCache repository, TimeProvider time, ILogger<GarbageCollectionWorker> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        GarbageCollector sweep = new(folder.Repository, time, new DurableFiles());
        (long Snapshot, DateTimeOffset At) swept = (0, time.GetUtcNow());
        using PeriodicTimer timer = new(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                (long Snapshot, DateTimeOffset At) now = (repository.Read().Snapshot.Version, time.GetUtcNow());
                if (now.Snapshot == swept.Snapshot && now.At - swept.At < Longest)
                {
                    continue;
                }

                GarbageCollectionResult result = await sweep.RunAsync(dryRun: false, stoppingToken);
                swept = now;
                if (result.Removed.Count > 0)
                {
                    LogSwept(result.Removed.Count, result.Bytes);
                }
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(1330, LogLevel.Information, "{Count} repository files of {Bytes} bytes that nothing referred to are removed")]
    private partial void LogSwept(int count, long bytes);

    [LoggerMessage(1331, LogLevel.Error, "The repository could not be swept; the next try is in a minute")]
    private partial void LogFailed(Exception exception);
}
