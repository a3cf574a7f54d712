namespace Sync.Client.Activation;

/// <summary>A thread of its own for work of seconds, so that no pool thread that serves requests is held; below normal priority where
/// the system knows priorities.</summary>
internal static class SideThread
{
    public static Task<T> RunAsync<T>(Func<T> work, string name)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true, Name = name, Priority = ThreadPriority.BelowNormal };
        thread.Start();
        return done.Task;
    }
}
