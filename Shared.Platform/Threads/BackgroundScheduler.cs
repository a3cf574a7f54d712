using System.Collections.Concurrent;

namespace Shared.Platform.Threads;

/// <summary>A task scheduler with threads of its own below normal priority, for one computation that is spread over all processors.
/// Its loops must not run on the thread pool: the pool's threads answer requests, and those that the pool starts for a background
/// thread would stay below normal priority.</summary>
internal sealed class BackgroundScheduler : TaskScheduler, IDisposable
{
    [ThreadStatic]
    private static BackgroundScheduler? _member;

    private readonly BlockingCollection<Task> _queue = [];
    private readonly string _name;

    /// <param name="name">Of its threads.</param>
    /// <param name="threads">With the one that <see cref="RunAsync"/> starts.</param>
    public BackgroundScheduler(string name, int threads)
    {
        (_name, MaximumConcurrencyLevel) = (name, Math.Max(1, threads));
        for (int thread = 1; thread < threads; thread++)
        {
            BackgroundThread.Start(RunQueued, name);
        }
    }

    public override int MaximumConcurrencyLevel { get; }

    /// <summary>Runs the work on a thread of its own; <see cref="ParallelWork"/> in it is shared with the other threads.</summary>
    public Task<T> RunAsync<T>(Func<T> work) => BackgroundThread.RunAsync(
        () =>
        {
            _member = this;
            Task<T> task = new(work);
            task.RunSynchronously(this);
            return task.GetAwaiter().GetResult();
        },
        _name);

    /// <summary>Ends the threads once they are idle.</summary>
    public void Dispose() => _queue.CompleteAdding();

    protected override void QueueTask(Task task) => _queue.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => _member == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _queue;

    private void RunQueued()
    {
        _member = this;
        foreach (Task task in _queue.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }
}
