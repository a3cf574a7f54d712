using System.Collections.Concurrent;

namespace Shared.Platform.Threads;

/// <summary>A thread of normal priority that queues work to the thread pool for threads below it. One of those that queued the work
/// itself could make the pool start a thread, and that would inherit its niceness and then answer requests with it.</summary>
internal sealed class PoolHandover
{
    private static readonly Lazy<PoolHandover> Started = new(() => new PoolHandover());
    private readonly BlockingCollection<Action> _actions = [];

    private PoolHandover() => new Thread(Run) { IsBackground = true, Name = "pool handover" }.Start();

    /// <summary>The one of this process. Taken first on a thread of normal priority, whose niceness it inherits.</summary>
    public static PoolHandover Instance => Started.Value;

    /// <summary>Runs the action on the thread pool.</summary>
    public void Queue(Action action) => _actions.Add(action);

    private void Run()
    {
        foreach (Action action in _actions.GetConsumingEnumerable())
        {
            ThreadPool.UnsafeQueueUserWorkItem(queued => queued(), action, preferLocal: false);
        }
    }
}
