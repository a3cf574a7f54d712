using System.Collections.Concurrent;
using System.Data.Common;

namespace Relay.Server.Storage;

/// <summary>
/// Writes by many callers, on one thread of its own. A commit waits for the disk, and waits for other writers: on the thread pool, a storm
/// of writes would hold up every other request. Writes that wait together are committed together.
/// </summary>
internal sealed class DatabaseWriter : IDisposable
{
    private const int BatchSize = 256;
    private readonly BlockingCollection<IQueuedWrite> _queue = [];
    private readonly RelayDatabase _database;
    private readonly Thread _thread;
    private DbConnection? _connection;

    public DatabaseWriter(RelayDatabase database)
    {
        _database = database;
        _thread = new Thread(Run) { IsBackground = true, Name = "database writer" };
        _thread.Start();
    }

    /// <summary>Runs the work in a transaction, perhaps together with others. It may run twice, of which one is rolled back.</summary>
    /// <returns>Its result, when it is durable.</returns>
    public Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, T> work)
    {
        QueuedWrite<T> write = new(work);
        _queue.Add(write);
        return write.Done;
    }

    /// <summary>Ends when all that was queued is written.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _queue.Dispose();
    }

    private void Run()
    {
        List<IQueuedWrite> batch = new(BatchSize);
        foreach (IQueuedWrite first in _queue.GetConsumingEnumerable())
        {
            batch.Add(first);
            while (batch.Count < BatchSize && _queue.TryTake(out IQueuedWrite? next))
            {
                batch.Add(next);
            }

            Write(batch);
            batch.Clear();
        }

        CloseConnection();
    }

    private void Write(List<IQueuedWrite> batch)
    {
        if (batch.Count > 1)
        {
            switch (TryWrite(batch))
            {
                case null:
                    return;
                case UncertainCommitException uncertain:
                    // Written once more, what is stored already would count twice.
                    batch.ForEach(write => write.Fail(uncertain));
                    return;
            }
        }

        // Each alone, so that one that fails takes no other with it. A server that does not answer would let each wait for its time.
        Exception? unreachable = null;
        foreach (IQueuedWrite write in batch)
        {
            if ((unreachable ?? TryWrite([write])) is { } failure)
            {
                unreachable = DatabaseErrors.IsUnreachable(failure) ? failure : null;
                write.Fail(failure);
            }
        }
    }

    /// <summary>Null when the writes are durable. Any exception is the caller's of its write: this thread goes on.</summary>
    private Exception? TryWrite(List<IQueuedWrite> writes)
    {
        try
        {
            _connection ??= _database.OpenForWrites();
            _database.Write(_connection, (connection, transaction) =>
            {
                writes.ForEach(write => write.Run(connection, transaction));
                return true;
            });
        }
        catch (Exception failure)
        {
            // Whatever state it is in: the next write has another one.
            CloseConnection();
            return failure;
        }

        writes.ForEach(write => write.Succeed());
        return null;
    }

    private void CloseConnection()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private interface IQueuedWrite
    {
        void Run(DbConnection connection, DbTransaction transaction);

        void Succeed();

        void Fail(Exception failure);
    }

    private sealed class QueuedWrite<T>(Func<DbConnection, DbTransaction, T> work) : IQueuedWrite
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Done => _done.Task;

        public void Run(DbConnection connection, DbTransaction transaction) => _result = work(connection, transaction);

        public void Succeed() => _done.SetResult(_result);

        public void Fail(Exception failure) => _done.SetException(failure);
    }
}
