using Relay.Server.Storage;
using Relay.Server.Workers;

namespace Relay.Server.Datasets.Removal;

/// <summary>Deletes samples and labels that are older than their dataset keeps them, every hour, and ends deletions that a kill
/// interrupted.</summary>
internal sealed partial class RetentionWorker(
    DatasetStore datasets, SamplePurge purge, TimeProvider timeProvider, ILogger<RetentionWorker> log) : RelayWorker
{
    private const int BatchRows = 2000;
    private const int PageSize = 100;
    private const int ListedFiles = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan PurgeInterval = TimeSpan.FromDays(1);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        WarnOfUnknown();
        using PeriodicTimer timer = new(Interval, timeProvider);
        do
        {
            await RemoveExpiredAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        try
        {
            datasets.EndDeletions();
            string? cursor = null;
            do
            {
                IReadOnlyList<Dataset> page = datasets.List(null, cursor, PageSize);
                foreach (Dataset dataset in page)
                {
                    await RemoveExpiredAsync(dataset, cancellationToken);
                }

                cursor = page.Count == PageSize ? page[^1].Name : null;
            }
            while (cursor is not null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(e);
        }
    }

    private void WarnOfUnknown()
    {
        try
        {
            if (datasets.FindUnknown() is { Count: > 0 } unknown)
            {
                LogUnknown(string.Join(", ", unknown.Take(ListedFiles)), unknown.Count);
            }
        }
        catch (Exception e) when (StorageHealth.IsStorageError(e))
        {
            LogFailed(e);
        }
    }

    // One that cannot be read must not stop the others.
    private async Task RemoveExpiredAsync(Dataset dataset, CancellationToken cancellationToken)
    {
        long before = Instant.Now(timeProvider) - (long)TimeSpan.FromDays(dataset.Spec.Limits.RetentionDays).TotalMilliseconds;
        try
        {
            int removed = 0;
            for (int batch = BatchRows; batch >= BatchRows;)
            {
                batch = await SampleRemover.RunAsync(
                    dataset.Samples, remover => remover.RemoveExpired(before, BatchRows), cancellationToken);
                removed += batch;
            }

            if (removed > 0)
            {
                LogRemoved(dataset.Name, removed);
            }

            if (await purge.RunAsync(dataset.Samples, PurgeInterval, cancellationToken) is PurgeOutcome.NoSpace)
            {
                LogNoSpace(dataset.Name);
            }
        }
        catch (Exception e) when (StorageHealth.IsStorageError(e))
        {
            LogDatasetFailed(e, dataset.Name);
        }
    }

    [LoggerMessage(1500, LogLevel.Information, "Dataset {Dataset}: {Count} samples and labels older than the retention of the dataset were deleted")]
    private partial void LogRemoved(string dataset, int count);

    [LoggerMessage(
        1503, LogLevel.Error,
        "Dataset {Dataset}: remains of deleted samples are on the disk, since it has no room to write them anew (twice their size is needed); the "
        + "next try is in an hour")]
    private partial void LogNoSpace(string dataset);

    [LoggerMessage(
        1504, LogLevel.Warning,
        "There are samples that belong to no dataset ({Count}, such as {Files}): restore the database that has these datasets, or delete them: files "
        + "of the folder samples, or schemas of the PostgreSQL database whose names begin with samples_")]
    private partial void LogUnknown(string files, int count);

    [LoggerMessage(1501, LogLevel.Error, "Dataset {Dataset}: what is too old could not be deleted; the next try is in an hour")]
    private partial void LogDatasetFailed(Exception exception, string dataset);

    [LoggerMessage(1502, LogLevel.Error, "Datasets could not be read; the next try is in an hour")]
    private partial void LogFailed(Exception exception);
}
