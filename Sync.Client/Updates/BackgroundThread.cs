using System.Runtime.InteropServices;

namespace Sync.Client.Updates;

/// <summary>A thread of its own for work of seconds, so that no pool thread that serves requests is held; of low priority, so that
/// it gives way to them.</summary>
internal static partial class BackgroundThread
{
    // Linux knows no priorities of .NET but a niceness per thread. 5 is a third of the weight: enough that the work yields, little
    // enough that it still gets ahead beside threads that never rest.
    private const int Niceness = 5;
    private const int ThisThread = 0;

    public static Task<T> RunAsync<T>(Func<T> work, string name)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                GiveWay();
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

    private static void GiveWay()
    {
        if (OperatingSystem.IsLinux())
        {
            // Where a sandbox forbids it, the thread stays as it is.
            _ = SetPriority(ThisThread, ThisThread, GetPriority(ThisThread, ThisThread) + Niceness);
        }
    }

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, int who);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}
