using System.Runtime.InteropServices;

namespace Shared.Platform.Threads;

/// <summary>The niceness of a thread: what Linux has in place of the priorities of .NET, which do nothing there. Each thread has its
/// own, and a new thread inherits that of the thread that starts it.</summary>
internal static partial class ThreadNiceness
{
    private const int ProcessOrThread = 0;
    private const int CallingThread = 0;

    /// <summary>Makes the calling thread nicer than the process's first thread; one that is so already stays as it is.</summary>
    /// <remarks>Cannot be undone: an ordinary user may not lower a niceness. Where a sandbox forbids raising it as well, the thread
    /// keeps what it has.</remarks>
    public static void Raise(int by)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int wanted = GetPriority(ProcessOrThread, Environment.ProcessId) + by;
        if (wanted > GetPriority(ProcessOrThread, CallingThread))
        {
            _ = SetPriority(ProcessOrThread, CallingThread, wanted);
        }
    }

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, int who);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}
