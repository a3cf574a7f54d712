using System.Runtime.InteropServices;

namespace Relay.TestKit.Load;

/// <summary>How much memory this process holds, when all that could be given back was: what stays is what somebody forgot.</summary>
public static partial class ResidentMemory
{
    public static long Bytes()
    {
        // Always the same way, so that what the garbage collector holds back is the same.
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        if (OperatingSystem.IsLinux())
        {
            // The C library keeps what native sessions freed, for the next ones.
            TrimHeap(0);
        }

        return Environment.WorkingSet;
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nint pad);
}
