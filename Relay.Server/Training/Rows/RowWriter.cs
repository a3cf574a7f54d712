using Relay.Server.Datasets.Selection;
using Relay.Server.Storage;
using Relay.Server.Workers;
using Relay.Training;
using Shared.Platform.Threads;

namespace Relay.Server.Training.Rows;

/// <summary>In the relay that works: writes the rows of runs from datasets that other processes have, into the folders of those processes.</summary>
internal sealed partial class RowWriter(
    RowRequests requests, TrainingRunStore runs, TrainingRows rows, DataFolder folder, StorageHealth storage, TimeProvider timeProvider,
    ILogger<RowWriter> log) : RelayWorker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (RowRequest request in requests.FindOpen())
                {
                    using BackgroundScheduler threads = new("rows", 1);
                    await threads.RunAsync(() => Write(request, stoppingToken));
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested && StorageHealth.IsStorageError(e))
            {
                // The request stays, and is tried again.
                storage.Report(e);
                LogInterrupted(e);
            }
        }
    }

    /// <returns>False where the request was no more, and nothing stays.</returns>
    internal bool Write(RowRequest request, CancellationToken cancellationToken)
    {
        string own = WorkerFolder.PathOf(folder.Root, request.Folder);
        if (!Directory.Exists(own) || runs.FindRunning(request.Run) is not { Data.Dataset: { } source } run)
        {
            requests.Delete(request);
            return false;
        }

        string target = Path.Combine(own, RowRequest.NameOf(request.Run));
        TrainingFiles files;
        try
        {
            // A relay that ended meanwhile may have left a part. The folder is there before a row is read: a request to forget one sees the copy.
            Delete(target);
            Directory.CreateDirectory(target);
            files = rows.Write(source, run.Spec, run.Data.Test is not null, used: null, target, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Delete(target);
            return requests.TryAnswer(request, Explain(e, request.Run));
        }

        bool isWithdrawn = false;
        try
        {
            isWithdrawn = !requests.TryAnswer(request, new()
            {
                Train = Path.GetFileName(files.Train),
                Test = files.Test is { } test ? Path.GetFileName(test) : null,
                Use = files.Use,
            });
        }
        finally
        {
            if (isWithdrawn)
            {
                files.Dispose();
            }
            else
            {
                // Also where the database failed and may have the answer: the rows are in the folder of the process, and go with it.
                files.HandOver();
            }
        }

        return !isWithdrawn;
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private RowAnswer Explain(Exception error, long run)
    {
        if (error is TrainingException refused)
        {
            return new() { Fault = refused.Fault, Detail = refused.Message };
        }

        storage.Report(error);
        LogFailed(error, run);
        return new() { IsStorage = StorageHealth.IsStorageError(error), Detail = $"The relay could not write the rows of the run: {error.Message}" };
    }

    [LoggerMessage(1216, LogLevel.Error, "The rows of training run {Run} could not be written for the process that has it")]
    private partial void LogFailed(Exception exception, long run);

    [LoggerMessage(1217, LogLevel.Warning, "The relay cannot read or answer the requests for rows of other processes; it tries again")]
    private partial void LogInterrupted(Exception exception);
}
