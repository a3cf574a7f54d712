using System.Data.Common;

namespace Relay.Server.Storage;

/// <summary>The samples of one dataset: an SQLite file, or a schema of a PostgreSQL database. A commit is durable when it returns. What is deleted
/// is in no answer, and may be in unused parts of files until a <see cref="SamplePurge"/>.</summary>
internal abstract class SampleDatabase : IDisposable
{
    private readonly SemaphoreSlim _turns = new(1);

    /// <summary>Bytes on the disk; none of one that is being deleted.</summary>
    public abstract long Bytes { get; }

    /// <summary>True where they take the space of the data folder.</summary>
    public abstract bool IsInFolder { get; }

    /// <summary>A connection that sees one state of the dataset for as long as it has a transaction of <see cref="BeginRead"/>.</summary>
    public abstract DbConnection OpenForReads();

    /// <summary>A transaction of a connection of <see cref="OpenForReads"/> in which all reads see the same state, whatever is written
    /// meanwhile.</summary>
    public abstract DbTransaction BeginRead(DbConnection connection);

    /// <summary>Runs one write transaction, one at a time; an exception rolls it back.</summary>
    /// <exception cref="SampleFileException">The dataset was deleted meanwhile.</exception>
    public abstract T Write<T>(Func<DbConnection, DbTransaction, T> work);

    /// <summary>The same, and no thread waits for its turn: uploads of a fleet come at once.</summary>
    public Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, T> work, CancellationToken cancellationToken) =>
        InTurnAsync(() => Write(work), cancellationToken);

    /// <summary>Writes all that is left after deletions anew, where something was deleted since the last time.</summary>
    /// <param name="isDue">Whether it is time, by when it was done last, in milliseconds since 1970.</param>
    /// <param name="now">In milliseconds since 1970.</param>
    public Task<PurgeOutcome> PurgeAsync(Func<long, bool> isDue, long now, CancellationToken cancellationToken) =>
        InTurnAsync(() => Purge(isDue, now), cancellationToken);

    public abstract void Dispose();

    protected abstract PurgeOutcome Purge(Func<long, bool> isDue, long now);

    protected async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return work();
        }
        finally
        {
            _turns.Release();
        }
    }
}
