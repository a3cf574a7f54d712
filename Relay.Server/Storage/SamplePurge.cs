using System.Data.Common;
using Dapper;

namespace Relay.Server.Storage;

/// <summary>Takes what was deleted out of the files of a dataset. To overwrite it where it was is not enough: a page that was split or merged has
/// copies of rows in a part that it no longer uses. An SQLite file is written anew, then its log is cut to nothing; so are the tables of a PostgreSQL
/// schema.</summary>
internal sealed class SamplePurge(TimeProvider timeProvider)
{
    // The folder of temporary files is a setting of the process. And two files that are written anew at once would both count on the same free space.
    private static readonly SemaphoreSlim Turns = new(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Notes, in the transaction that deletes, that there is something to purge.</summary>
    /// <param name="isUrgent">It waits for no interval.</param>
    public static void Note(DbConnection connection, DbTransaction transaction, bool isUrgent) => connection.Execute(
        "UPDATE state SET has_remains = TRUE, purged_at = CASE WHEN @isUrgent THEN 0 ELSE purged_at END", new { isUrgent }, transaction);

    /// <param name="interval">The least time between two purges of deletions that are not urgent: each writes the whole file.</param>
    /// <exception cref="SampleFileException">The dataset was deleted meanwhile, with its file.</exception>
    public async Task<PurgeOutcome> RunAsync(SampleDatabase samples, TimeSpan interval, CancellationToken cancellationToken)
    {
        for (long began = timeProvider.GetTimestamp(); ;)
        {
            PurgeOutcome outcome = await TryAsync(samples, interval, cancellationToken);
            if (outcome is not PurgeOutcome.BeingRead || timeProvider.GetElapsedTime(began) >= Patience)
            {
                return outcome;
            }

            await Task.Delay(Pause, timeProvider, cancellationToken);
        }
    }

    private async Task<PurgeOutcome> TryAsync(SampleDatabase samples, TimeSpan interval, CancellationToken cancellationToken)
    {
        await Turns.WaitAsync(cancellationToken);
        try
        {
            long now = Instant.Now(timeProvider);

            // A time from the future is of a clock that was wrong.
            return await samples.PurgeAsync(at => now < at || now - at >= interval.TotalMilliseconds, now, cancellationToken);
        }
        catch (DbException full) when (StorageHealth.IsDiskFull(full))
        {
            // It was rolled back, or is in the log as a whole.
            return PurgeOutcome.NoSpace;
        }
        finally
        {
            Turns.Release();
        }
    }
}
