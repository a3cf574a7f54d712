namespace Shared.Platform.Threads;

/// <summary>A thread of its own below normal priority, for work of seconds or more: no pool thread that serves requests is held by
/// it, and it gives way to them.</summary>
internal static class BackgroundThread
{
    /// <summary>By how much its niceness is above the process's. 5 is a third of the weight: enough that the work yields, little
    /// enough that it still gets ahead beside threads that never rest.</summary>
    public const int Niceness = 5;

    public static Task<T> RunAsync<T>(Func<T> work, string name)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        PoolHandover pool = PoolHandover.Instance;
        Start(
            () =>
            {
                try
                {
                    T result = work();
                    pool.Queue(() => done.SetResult(result));
                }
                catch (Exception e)
                {
                    pool.Queue(() => done.SetException(e));
                }
            },
            name);
        return done.Task;
    }

    internal static void Start(Action work, string name)
    {
        Thread thread = new(() =>
        {
            ThreadNiceness.Raise(Niceness);
            work();
        })
        { IsBackground = true, Name = name, Priority = ThreadPriority.BelowNormal };
        thread.Start();
    }
}
