using System.Runtime.InteropServices;

namespace Shared.Platform.Memory;

/// <summary>Gives memory back to the system that a piece of work no longer uses. The collector and the C library keep it for a next use,
/// which may be a day away.</summary>
internal static partial class UnusedMemory
{
    /// <summary>Stops all threads for as long as a full collection takes: some ten milliseconds.</summary>
    public static void Release()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        if (OperatingSystem.IsLinux())
        {
            TrimHeapOfC();
        }
    }

    // ONNX Runtime and SQLite allocate there. Not every C library has the call.
    private static void TrimHeapOfC()
    {
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
